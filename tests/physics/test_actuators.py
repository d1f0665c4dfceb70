"""Servos hold what they are told within their force, and a wrench is Newton's and Euler's."""

from __future__ import annotations

import numpy as np
import pytest

MASS, SIZE = 2.0, np.array((0.3, 0.2, 0.1))
INERTIA = MASS / 12 * (np.sum(SIZE**2) - SIZE**2)


@pytest.mark.parametrize("frames_per_step", [1, 5])
@pytest.mark.parametrize("first_is_base", [True, False])
@pytest.mark.parametrize("kind", ["HINGE", "SLIDER"])
def test_a_servo_keeps_velocities_and_positions_against_gravity(laboratory, kind, first_is_base, frames_per_step):
    told = laboratory.do("actuators.servo", kind=kind, first_is_base=first_is_base, frames_per_step=frames_per_step)
    assert told["velocity"] == pytest.approx([0.5, 0.5], abs=0.01)
    assert told["on the way"] == pytest.approx([0.2, -1.0], abs=0.02)
    assert told["position"] == pytest.approx([-0.2, 0.0], abs=0.003)
    assert told["released"] > 0.5
    assert told["next episode"] > 0.5


def test_a_servo_pushes_no_harder_than_it_may(laboratory):
    position, velocity = laboratory.do("actuators.weak_servo")
    assert (position, velocity) == pytest.approx((-2.5, -5.0), rel=0.01)


@pytest.mark.parametrize("gain", [5.0, 20.0])
def test_what_a_servo_has_to_go_shrinks_by_its_gain_in_every_frame(laboratory, gain):
    told = laboratory.do("actuators.gain", gain=gain, max_force=1e4)
    left = 0.1 * (1.0 - gain * 0.01) ** np.arange(1, 101)
    assert told["position"] == pytest.approx(0.1 - left, abs=1e-4)


def test_a_servo_with_too_little_force_for_its_gain_overshoots_and_one_with_enough_does_not(laboratory):
    weak = laboratory.do("actuators.gain", gain=50.0, max_force=2.0)
    assert weak["velocity"][4] == pytest.approx(2.0 * 0.05, rel=0.02), "it should have accelerated by 2 N / 1 kg"
    assert max(weak["position"]) > 0.105
    strong = laboratory.do("actuators.gain", gain=50.0, max_force=1e4)
    assert max(strong["position"]) < 0.1001


@pytest.mark.parametrize("turned", [0.0, 0.7, np.pi / 2, 3.0])
def test_a_force_moves_the_centre_of_mass_and_turns_nothing(laboratory, turned):
    force = [3.0, -2.0, 1.0]
    told = laboratory.do("actuators.wrench", force=force, torque=[0.0] * 3, turned=turned, seconds=1.0)
    position, velocity, spin = told["ends"][0]
    assert position == pytest.approx(np.array((1.0, 2.0, 3.0)) + np.array(force) / MASS / 2 * 1.002, abs=1e-3)
    assert velocity == pytest.approx(np.array(force) / MASS, abs=1e-3)
    assert spin == pytest.approx([0.0] * 3, abs=1e-3)


def test_a_force_acts_in_a_scene_that_has_never_had_a_constraint(laboratory):
    assert laboratory.do("actuators.first_of_its_scene") == pytest.approx([2.0, 0.0, 0.0], abs=1e-3)


@pytest.mark.parametrize(("axis", "turned"), [(0, 0.0), (1, 0.0), (2, 0.0), (1, 0.8), (0, np.pi / 2)])
def test_a_torque_turns_the_body_about_its_axis_and_moves_nothing(laboratory, axis, turned):
    torque = np.zeros(3)
    torque[axis] = 0.01
    told = laboratory.do("actuators.wrench", force=[0.0] * 3, torque=torque.tolist(), turned=turned, seconds=1.0)
    position, velocity, spin = told["ends"][0]
    own_axis = 2 if turned == np.pi / 2 else axis  # A quarter turn about y brings z where x was.
    expected = np.zeros(3)
    expected[axis] = 0.01 / INERTIA[own_axis]
    assert spin == pytest.approx(expected, rel=0.01, abs=0.002)
    assert position == pytest.approx((1.0, 2.0, 3.0), abs=1e-3)
    assert velocity == pytest.approx([0.0] * 3, abs=1e-3)


def test_a_torque_keeps_its_axis_in_the_world_while_the_body_spins(laboratory):
    inertia = 1.0 / 6 * 0.2**2
    spin = laboratory.do("actuators.torque_on_a_top", spin=10.0, torque=0.005)
    assert spin == pytest.approx((0.005 / inertia, 0.0, 10.0), abs=0.03)


def test_a_wrench_is_forgotten_and_its_motors_are_nowhere_to_be_seen(laboratory):
    told = laboratory.do("actuators.wrench", force=[1.0] * 3, torque=[0.01] * 3, turned=0.3, seconds=0.5)
    assert told["ends"][0] == told["ends"][1]
    assert told["let go"] == pytest.approx([0.0] * 3, abs=1e-6)
    assert told["bodies"] == told["objects"] == ["Box"]


def test_an_actuator_that_cannot_be_is_refused(laboratory):
    said = laboratory.do("actuators.refused")
    assert "'Weld' cannot have a servo" in said["weld"]
    assert "'Wall' is passive" in said["wall"]
    assert "no rigid body 'Nobody'" in said["nobody"]
    assert "with a gain of -1.0" in said["negative gain"]
    assert "has to be 0 or more, got inf" in said["infinite force"]
    assert "The force on 'Body' has to be 3 finite numbers" in said["nan"]


def test_worlds_of_one_scene_do_not_heap_up_motors(laboratory):
    first, second, third = laboratory.do("actuators.made_again")
    assert first == second == third
