"""Free bodies are placed and measured as mechanics has it, and kinematic ones are moved and move others."""

from __future__ import annotations

import math

import numpy as np
import pytest

GRAVITY, STEP = 10.0, 0.02


@pytest.mark.parametrize("frames_per_step", [1, 4])
def test_a_thrown_body_flies_and_spins_as_placed_and_is_measured_exactly(laboratory, frames_per_step):
    states = laboratory.do("bodies.thrown", frames_per_step=frames_per_step, asked=True)["states"]
    substep = STEP / 10 / frames_per_step
    for number, (position, orientation, velocity, spin) in enumerate(states):
        time = number * STEP
        fallen = GRAVITY * time * (time + substep) / 2  # Bullet gains speed before it moves.
        assert position == pytest.approx((1.0 + 0.5 * time, 2.0 - time, 3.0 + 4.0 * time - fallen), abs=1e-4)
        assert velocity == pytest.approx((0.5, -1.0, 4.0 - GRAVITY * time), abs=5e-4)
        turn = 0.3 + 1.5 * time
        assert orientation == pytest.approx((math.cos(turn), 0.0, math.sin(turn), 0.0), abs=1e-4)
        assert spin == pytest.approx((0.0, 3.0, 0.0), abs=1e-3)


def test_what_is_measured_does_not_depend_on_when_it_is_asked_for(laboratory):
    always, once = (laboratory.do("bodies.thrown", frames_per_step=2, asked=asked)["end"] for asked in (True, False))
    assert always == once


@pytest.mark.parametrize("control_rate", [20.0, 50.0])
def test_velocities_are_right_in_the_first_whole_step_after_a_bounce(laboratory, control_rate):
    rows = np.array(laboratory.do("bodies.bouncing", control_rate=control_rate, restitution=0.8)["rows"])
    heights, velocities = rows.T
    energies = GRAVITY * (heights - 0.1) + velocities**2 / 2
    (hit,) = np.flatnonzero(np.diff(np.sign(velocities)) > 0)[:1] + 1  # In this step it turns round.
    top = hit + int(np.argmax(heights[hit : hit + round(0.8 * control_rate)]))
    assert velocities[: hit - 1] == pytest.approx(-GRAVITY * np.arange(hit - 1) / control_rate, abs=1e-3)
    assert energies[hit + 1 : top] == pytest.approx(GRAVITY * (heights[top] - 0.1), rel=0.02)


def test_in_a_reset_bodies_are_where_they_are_going_to_begin(laboratory):
    told = laboratory.do("bodies.in_reset")
    (arm, free), (placed_arm, placed_free) = told["rest"], told["placed"]
    assert arm[0] == pytest.approx((0.5, 0.0, 0.0), abs=1e-6)
    assert free[0] == pytest.approx((3.0, 0.0, 0.0), abs=1e-6)
    assert placed_arm[0] == pytest.approx((0.0, 0.0, -0.5), abs=1e-6)
    assert placed_arm[2] == pytest.approx((-1.0, 0.0, 0.0), abs=1e-6)
    assert (placed_free[0], placed_free[2]) == ([1.0, 1.0, 1.0], [1.0, 0.0, 0.0])
    for placed, started in zip(told["placed"], told["started"], strict=True):
        assert np.concatenate(placed) == pytest.approx(np.concatenate(started), abs=1e-6)


@pytest.mark.parametrize("frames_per_step", [1, 5])
def test_a_kinematic_body_moves_evenly_and_takes_others_along(laboratory, frames_per_step):
    told = laboratory.do("bodies.conveyor", frames_per_step=frames_per_step)
    first, second = told["episodes"]
    assert first == second
    rows, (rest, still) = np.array(first[:-1]), first[-1]
    belt, belt_velocity, _, box_velocity = rows.T
    assert belt == pytest.approx(0.1 * np.arange(1, 21), abs=1e-5)
    assert belt_velocity == pytest.approx(1.0, abs=1e-4)
    assert box_velocity[5:] == pytest.approx(1.0, abs=0.02)
    assert (rest, still) == pytest.approx((2.0, 0.0), abs=1e-5)
    assert "'Box' cannot be moved" in told["box"]
    assert "'Belt' is passive or animated, so it cannot begin with a velocity" in told["belt"]


def test_a_world_that_has_settled_begins_at_rest_at_time_zero(laboratory):
    told = laboratory.do("bodies.settled", seconds=20.0, place=False)
    assert told["in time"]
    assert told["time"] == 0.0
    first, second = told["episodes"]
    assert first == second
    for number, (before, after) in enumerate(zip(first["first"], first["later"], strict=True)):
        assert before[0][2] == pytest.approx(0.1 + 0.2 * number, abs=0.01)
        assert (before[2], before[3]) == ([0.0] * 3, [0.0] * 3)
        assert after[0] == pytest.approx(before[0], abs=1e-3)
    assert first["hinge"] == pytest.approx([math.pi / 2, 0.0], abs=0.02)


def test_what_is_placed_after_settling_begins_so_and_the_others_where_they_rest(laboratory):
    (low, middle, _), (placed_low, placed_middle, top) = (
        laboratory.do("bodies.settled", seconds=20.0, place=place)["episodes"][0]["first"] for place in (False, True)
    )
    assert (placed_low, placed_middle) == (low, middle)
    assert (top[0], top[2]) == ([2.0, 2.0, 1.0], [1.0, 0.0, 0.0])


def test_settling_gives_up_in_time(laboratory):
    assert not laboratory.do("bodies.settled", seconds=0.1, place=False)["in time"]


def test_many_bodies_in_nested_collections_are_told_apart(laboratory):
    rows = np.array(laboratory.do("bodies.many", count=40))
    fallen = GRAVITY * 0.1 * (0.1 + STEP / 10) / 2
    expected = {tuple(np.round((number, 0.0, number % 7 - fallen), 4)) for number in range(40) if number != 2}
    expected.add(tuple(np.round((-1.0 + 0.2, 0.0, -fallen), 4)))
    assert {tuple(np.round(row[:3], 4)) for row in rows} == expected
    assert rows[:, 5] == pytest.approx(-1.0, abs=1e-3)
    assert sorted(np.round(rows[:, 3], 3))[-2:] == [0.0, 2.0]


def test_steps_of_the_physics_in_which_bodies_would_fall_through_the_floor_are_refused(laboratory):
    told = laboratory.do("bodies.long_steps")
    assert "A step of the physics would take 0.1 s, in which bodies pass through each other" in told["falling"]
    assert "frames_per_step = 25 makes it 0.004 s" in told["falling"]
    assert told["nothing that falls"] == ""


@pytest.mark.parametrize("frames_per_step", [1, 3])
@pytest.mark.parametrize("control_rate", [0.25, 0.5, 1.5, 60 / 1.001, 1000.0, 100_000.0])
def test_any_rate_is_exact(laboratory, control_rate, frames_per_step):
    step, substeps = 1 / control_rate, 100 * frames_per_step
    fallen, velocity, time = laboratory.do("bodies.slowly", control_rate=control_rate, frames_per_step=frames_per_step)
    assert fallen == pytest.approx(GRAVITY / 2 * step**2 * (1 + 1 / substeps), rel=1e-3)
    assert velocity == pytest.approx(GRAVITY * step, rel=1e-3)
    assert time == pytest.approx(step)


def test_what_a_task_changes_in_one_episode_is_as_built_in_the_next(laboratory):
    before, changed, after = laboratory.do("bodies.changed_in_between")
    assert changed[3:] == pytest.approx([3.0, 0.9, 0.8, 0.7, 0.7, 2.0])
    assert after == before


@pytest.mark.parametrize(("gravity", "down"), [(None, -2.5), (4.0, -4.0)])
def test_gravity_along_z_leaves_the_gravity_of_the_scene_along_x_and_y(laboratory, gravity, down):
    assert laboratory.do("bodies.falling_sideways", gravity=gravity) == pytest.approx((1.5, -0.5, down), abs=1e-3)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("mass", -1.0),
        ("mass", 0.0),
        ("mass", math.nan),
        ("friction", -3.0),
        ("restitution", -0.1),
        ("linear_damping", 7.0),
    ],
)
def test_numbers_that_blender_does_not_take_are_errors(laboratory, setting, value):
    told = laboratory.do("faults.number_of_a_body", setting=setting, value=value)
    assert f"The {setting} of body 'Body' cannot be {value}; Blender takes" in told


def test_motors_are_given_finite_numbers(laboratory):
    told = laboratory.do("faults.motor_without_number")
    assert told == [f"Motor 'Motor' has to be given a finite number, got {value}." for value in ("nan", "inf")] * 2


OF_A_RESET = {
    "place_body": "Body 'Arm' is placed",
    "place_joint": "Joint 'Hinge' is placed",
    "settle": "A world settles",
    "number": "The friction of body 'Arm' is set",
    "length": "The length of body 'Arm' is set",
    "gravity": "The gravity is set",
    "limit": "A limit of joint 'Hinge' is set",
    "damping": "The damping of joint 'Hinge' is set",
}


@pytest.mark.parametrize("what", OF_A_RESET)
def test_what_belongs_into_a_reset_is_refused_elsewhere(laboratory, what):
    subject = OF_A_RESET[what]
    assert laboratory.do("faults.out_of_place", what=what) == [
        f"{subject} in Task.reset, not in Task.bind.",
        "",
        f"{subject} in Task.reset, not in a running episode.",
    ]


@pytest.mark.parametrize(
    ("what", "subject"), [("make_servo", "A servo on 'Hinge'"), ("make_wrench", "A wrench on 'Arm'")]
)
def test_actuators_are_made_in_bind(laboratory, what, subject):
    assert laboratory.do("faults.out_of_place", what=what) == [
        "",
        f"{subject} is made in Task.bind, not in Task.reset.",
        f"{subject} is made in Task.bind, not in a running episode.",
    ]


@pytest.mark.parametrize(
    ("what", "subject"),
    [
        ("motor", "Motor 'Motor'"),
        ("servo", "Servo 'Hinge'"),
        ("servo_at_velocity", "Servo 'Hinge'"),
        ("wrench", "Wrench 'Arm'"),
    ],
)
def test_actuators_are_set_in_an_episode_or_before_it(laboratory, what, subject):
    refused = f"{subject} is set in Task.reset or Task.apply, not in Task.bind."
    assert laboratory.do("faults.out_of_place", what=what) == [refused, "", ""]


@pytest.mark.parametrize(
    ("what", "subject"), [("hold", "Body 'Free' is held"), ("place_camera", "Camera 'Camera' is placed")]
)
def test_what_may_be_done_at_any_time_of_an_episode_is_not_done_in_bind(laboratory, what, subject):
    refused = f"{subject} in Task.reset or a running episode, not in Task.bind."
    assert laboratory.do("faults.out_of_place", what=what) == [refused, "", ""]


def test_bodies_are_moved_in_an_episode(laboratory):
    assert laboratory.do("faults.out_of_place", what="move") == [
        "Body 'Belt' is moved in a running episode, not in Task.bind.",
        "Body 'Belt' is moved in a running episode, not in Task.reset.",
        "",
    ]


@pytest.mark.parametrize("place", [(0.0, -10_001.0, 0.0), (1e12, 0.0, 0.0), (0.0, 0.0, 1e300)])
def test_no_body_is_put_where_the_physics_has_no_numbers_for_it(laboratory, place):
    for told in laboratory.do("faults.too_far", place=place):
        assert "resolves a millimetre up to 10000 m from the origin" in told
    assert laboratory.do("faults.too_far", place=(0.0, 9_999.0, 0.0)) == ["", ""]


@pytest.mark.parametrize(
    ("velocity", "rate", "substeps", "most"),
    [
        (1e12, 0.0, 10, "500000 m/s"),
        (500_001.0, 0.0, 10, "500000 m/s"),
        (1e300, 0.0, 10, "500000 m/s"),
        (0.0, 1e12, 10, "157.08 rad/s"),
        (0.0, 157.1, 10, "157.08 rad/s"),
        (0.0, 39.3, 1, "39.2699 rad/s"),
    ],
)
def test_no_body_begins_faster_than_the_physics_can_simulate(laboratory, velocity, rate, substeps, most):
    told = laboratory.do("faults.too_fast", velocity=velocity, rate=rate, substeps=substeps)
    assert told.startswith("Body 'Body' cannot begin with")
    assert f"which is {most} here" in told


def test_a_joint_turns_no_faster_than_frames_can_show(laboratory):
    assert laboratory.do("faults.hinge_too_fast").startswith("Body 'Arm' cannot begin with 40 rad/s")


@pytest.mark.parametrize(("rate", "substeps"), [(157.0, 10), (39.2, 1), (78.5, 2)])
def test_bodies_spin_as_placed_up_to_the_bound(laboratory, rate, substeps):
    assert laboratory.do("bodies.spinning", rate=rate, substeps=substeps) == pytest.approx([rate] * 3, rel=1e-5)


@pytest.mark.parametrize(("seconds", "speed"), [(-1.0, 0.1), (math.inf, 0.1), (math.nan, 0.1), (1.0, math.nan)])
def test_settling_has_a_limit(laboratory, seconds, speed):
    assert laboratory.do("faults.settling_for", seconds=seconds, speed=speed).startswith("A world cannot settle for")
