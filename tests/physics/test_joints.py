"""Joints of every type carry their bodies, whichever of them Blender calls the first."""

from __future__ import annotations

import math

import numpy as np
import pytest

GRAVITY = 10.0


def test_an_episode_with_a_motor_off_the_axis_does_not_depend_on_the_one_before(laboratory):
    first, _, third, again = laboratory.do("joints.motor_at_the_tip", seeds=[0.3, -1.2, 0.3, 0.3])
    assert first == third == again


def test_a_motor_at_the_tip_pushes_there(laboratory):
    ((angle, velocity),) = laboratory.do("joints.motor_at_the_tip", seeds=[0.0])
    inertia, step = 1 / 3 + 0.01 / 12, 1e-4
    expected, rate = 0.0, 0.0
    for _ in range(5000):  # Along +x at the tip of a pole that hangs: the hinge along +y turns it backwards.
        rate -= step * math.cos(expected) / inertia
        expected += step * rate
    assert (angle, velocity) == pytest.approx((expected, rate), abs=0.006)


@pytest.mark.parametrize("first_is_post", [True, False])
def test_what_is_welded_to_the_child_of_a_placed_hinge_comes_along(laboratory, first_is_post):
    told = laboratory.do("joints.welded", first_is_post=first_is_post)
    turn = 0.8 if first_is_post else -0.8  # The sign is that of the second body relative to the first.
    speed = math.copysign(1.0, turn)
    for name, radius in (("Arm", 0.8), ("Tip", 1.6)):
        pose = np.array(told["start"][name])
        assert pose[:3, 3] == pytest.approx((radius * math.cos(turn), 0.0, 3.0 - radius * math.sin(turn)), abs=1e-5)
        assert math.atan2(pose[0, 2], pose[2, 2]) == pytest.approx(turn, abs=1e-5)
        along = (-radius * math.sin(turn) * speed, 0.0, -radius * math.cos(turn) * speed)
        assert told["speeds"][name] == pytest.approx(along, abs=1e-5)
    assert told["hinge"][0] == pytest.approx(0.81, abs=0.002)
    x, _, z = told["tip"]
    assert math.hypot(x, z - 3.0) == pytest.approx(1.6, abs=1e-3)
    assert (told["parent"], told["weld"]) == ("Post", "Arm")


def test_what_cannot_be_placed_says_so(laboratory):
    told = laboratory.do("joints.welded", first_is_post=True)
    assert "'Weld' is of type 'Fixed'" in told["refused"]
    assert "'Weld' holds it to 'Arm'" in told["held"]


@pytest.mark.parametrize("position", [0.0, 0.4, -0.4])
def test_limits_are_where_they_were_built_wherever_the_joint_is_placed(laboratory, position):
    assert laboratory.do("joints.limited", position=position) == pytest.approx([-0.5, 0.5], abs=0.03)


def test_a_spring_is_as_long_as_it_was_built_wherever_its_load_is_placed(laboratory):
    positions = np.array(laboratory.do("joints.spring", stretched=0.3, seconds=4.0))
    times = np.arange(len(positions)) / 200.0
    assert positions == pytest.approx(1.0 + 0.3 * np.cos(5.0 * times), abs=0.03)


def test_a_body_on_a_point_joint_can_be_placed_and_stays_at_its_distance(laboratory):
    assert laboratory.do("joints.ball_joint") == pytest.approx([1.0] * 50, abs=0.005)


def test_a_chain_does_not_depend_on_the_order_of_its_constraints(laboratory):
    straight = laboratory.do("joints.chain", order=[0, 1, 2])
    assert max(map(abs, straight)) > 0.1
    assert laboratory.do("joints.chain", order=[2, 0, 1]) == pytest.approx(straight, abs=0.02)


def test_a_loop_of_joints_moves_as_it_was_built_and_cannot_be_torn(laboratory):
    told = laboratory.do("joints.loop")
    angles = told["angles"]
    assert angles["A"] > 0.1
    # All bars of a parallelogram turn alike, or not at all; D has its ends the other way round.
    turns = angles["A"], -angles["B"], angles["C"], -angles["D"]
    assert turns == pytest.approx([angles["A"]] * 4, abs=0.01)
    assert all(repr(name) in told["message"] for name in "ABCD")
    assert "loop" in told["message"]
    # Placed alike, it is no longer torn; nothing drives it there.
    placed = told["placed"]
    assert (placed["A"], placed["B"], placed["C"], placed["D"]) == pytest.approx((0.5, -0.5, 0.5, -0.5), abs=0.01)


def test_a_constraint_that_cannot_work_is_named(laboratory):
    said = laboratory.do("joints.faulty")
    assert all("'Odd'" in message for message in said.values())
    assert "'Nobody'" in said["no body"]


def test_a_disabled_constraint_is_ignored_as_in_blender(laboratory):
    assert laboratory.do("joints.disabled") == pytest.approx(GRAVITY / 2, rel=0.01)


def test_springs_neither_hold_a_body_where_it_is_placed_nor_keep_a_hinge_from_being_placed(laboratory):
    told = laboratory.do("joints.between_springs")
    assert (told["load"], told["lever x"], told["lever z"]) == pytest.approx((0.3, 0.0, -0.5), abs=1e-5)


def test_a_body_that_is_placed_away_from_its_point_joint_is_an_error(laboratory):
    assert "'Bob' is placed apart from 'Post', which joint 'Ball' holds it to" in laboratory.do("joints.torn")


def test_a_joint_goes_along_with_what_keys_move(laboratory):
    told = laboratory.do("joints.on_a_lift", keyed_before=0)
    assert told["height"] > 0.5
    assert told["distances"] == pytest.approx([0.5] * 24, abs=0.01)


def test_a_joint_on_what_moves_before_the_simulation_is_an_error_with_a_cure(laboratory):
    said = laboratory.do("joints.on_a_lift", keyed_before=20)["message"]
    assert "'Hinge' hangs on 'Lift', which moves before the simulation begins in frame 40" in said
