"""The arm is where its angles say, its servos drive as they say, and without them it moves by its equations."""

from __future__ import annotations

import numpy as np
import pytest
from reacher_equations import energy, fingertip, mass_matrix, trajectory
from shared import shared_env
from watched import ARM, FREE_ARM

PERIOD = 0.05  # s
FRAMES = 5  # in a step, of 0.01 s each
STILL = np.zeros(2, np.float32)


arm = shared_env(ARM)
free_arm = shared_env(FREE_ARM)


def begun(env, **parameters):
    return env.reset(seed=0, options={"params": {name.replace("__", "."): each for name, each in parameters.items()}})[
        0
    ]


@pytest.mark.parametrize("length", [0.2, 0.25, 0.3])
@pytest.mark.parametrize(("shoulder", "elbow"), [(0.0, 0.0), (0.7, 1.9), (-2.5, -2.5), (3.1, -0.4)])
def test_bodies_are_where_forward_kinematics_says_before_and_after_a_step(arm, shoulder, elbow, length):
    for seen in (begun(arm, shoulder=shoulder, elbow=elbow, forearm__length=length), arm.step(STILL)[0]):
        np.testing.assert_allclose(seen[:2], (shoulder, elbow), atol=5e-5)
        np.testing.assert_allclose(seen[4:6], fingertip(seen[:2], length / 2), atol=2e-5)
        np.testing.assert_allclose(seen[6:8], fingertip(seen[:2], length), atol=4e-5)


@pytest.mark.parametrize("gain", [10.0, 20.0, 40.0])
@pytest.mark.parametrize("joint", [0, 1])
def test_what_a_servo_has_to_go_shrinks_by_its_gain_in_every_frame(arm, joint, gain):
    begun(arm, elbow=1.0, servo__gain=gain, servo__torque=8.0)
    action = STILL.copy()
    action[joint] = 0.02
    moved = np.diff([arm.step(action)[0][joint] for _ in range(10)])
    share = 1.0 - (1.0 - gain * PERIOD / FRAMES) ** FRAMES
    np.testing.assert_allclose(moved, share * 0.02 * 0.2, rtol=0.02)


@pytest.mark.parametrize("torque", [1.0, 2.0])
def test_a_servo_that_has_far_to_go_turns_the_arm_with_all_its_torque(arm, torque):
    begun(arm, servo__torque=torque, step__scale=0.4)
    seen = arm.step(np.array((1.0, 0.0), np.float32))[0]
    held = mass_matrix(elbow=0.0)[0, 0]
    assert seen[2] == pytest.approx(torque / held * PERIOD, rel=0.02)
    assert abs(seen[1]) < 2e-3, "the elbow should have been held"


@pytest.mark.parametrize(
    "state", [(0.0, 1.0, 1.0, 0.0), (0.5, -0.5, 2.0, -1.0), (-1.0, 2.0, 0.0, -3.0)], ids=["swing", "both", "bend"]
)
def test_a_free_arm_follows_the_equations_of_two_links_for_a_second(free_arm, state):
    names = ("shoulder", "elbow", "swing", "bend")
    begun(free_arm, **dict(zip(names, state, strict=True)))
    seen = np.array([free_arm.step(STILL)[0][:4] for _ in range(20)])
    expected = np.array([trajectory(np.array(state), PERIOD * (step + 1)) for step in range(20)])
    np.testing.assert_allclose(seen[:, :2], expected[:, :2], atol=0.01)
    np.testing.assert_allclose(seen[:, 2:], expected[:, 2:], atol=0.03)
    assert energy(seen[-1]) == pytest.approx(energy(np.array(state)), rel=0.01)


def test_an_elbow_stops_at_its_limit(free_arm):
    begun(free_arm, elbow=1.5, bend=6.0)
    bends = [free_arm.step(STILL)[0][1] for _ in range(40)]
    assert 2.5 < max(bends) < 2.65
