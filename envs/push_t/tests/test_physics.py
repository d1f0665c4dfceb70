"""The block slides, turns and is pushed as Coulomb's law says, within tolerances that are stated here."""

from __future__ import annotations

import math

import numpy as np
import pytest
from block_on_table import BLOCK_ON_TABLE
from rebuilt.values import PUSH_T
from shared import shared_env

from blendgym.client.env import BlendEnv
from blendgym.envs.push_t import tee
from blendgym.envs.push_t.task import REACH

GRAVITY = 9.81  # m/s²
STEP = 0.1 / 20  # s, of the physics
RADIUS = 0.025  # m, of the finger
STEM_END = tee.PARTS[1].y - tee.PARTS[1].half_height  # m, along the block's own y
X, Y, Z, ANGLE, TILT, FINGER_X, FINGER_Y, APART = range(8)
INERTIA = slice(8, 11)
MASS = 0.8  # kg


table = shared_env(BLOCK_ON_TABLE)


def played(env, targets, **start):
    """What is seen after each step in which the finger is sent to a target (m)."""
    named = {name.replace("__", "."): value for name, value in start.items()}
    first, _ = env.reset(seed=0, options={"params": {"finger_x": -0.35, "finger_y": -0.35} | named})
    return np.array([first, *(env.step(np.array(target, np.float32) / np.float32(REACH))[0] for target in targets)])


def pushed_up(env, steps, offset=0.0, **start):
    """The finger pushes the end of the stem along +y, beside the line through the centre of mass by an offset (m)."""
    below = STEM_END - RADIUS - 0.01
    return played(env, [(offset, 0.35)] * steps, finger_x=offset, finger_y=below, **start)


@pytest.mark.parametrize(("friction", "gravity"), [(0.5, 9.81), (0.25, 9.81), (0.5, 4.0), (1.0, 9.81)])
@pytest.mark.parametrize("speed", [0.3, 0.6])
def test_it_slides_as_far_as_coulomb_says(table, friction, gravity, speed):
    """v² / 2 μ g; each physics step first brakes and then moves, which takes half a step's way from it."""
    way = {"table__friction": friction, "gravity": gravity, "block_speed": speed}
    slid = played(table, [(-0.35, -0.35)] * 15, **way)[-1]
    deceleration = friction * gravity
    assert slid[X] == pytest.approx(speed**2 / (2 * deceleration) - speed * STEP / 2, abs=1e-3)
    assert abs(slid[Y]) < 1e-4
    assert abs(slid[ANGLE]) < 3e-3


def test_its_spin_is_braked_by_a_torque_between_those_of_its_centre_and_of_its_farthest_corner(table):
    """The solver holds the block at the corners of its parts, so the arm is longer than that of an even pressure."""
    rate = 6.0
    turned = played(table, [(-0.35, -0.35)] * 15, block_rate=rate)[-1, ANGLE]
    arm = rate**2 / (2 * turned) * tee.GYRATION**2 / (0.5 * GRAVITY)
    assert tee.GYRATION / 2 < arm < tee.REACH


def test_pushed_through_its_centre_of_mass_it_moves_without_turning(table):
    pushed = pushed_up(table, 9)
    assert pushed[-1, Y] > 0.2
    assert np.abs(pushed[:, ANGLE]).max() < 0.02
    assert np.abs(pushed[:, X]).max() < 0.002


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_pushed_beside_its_centre_of_mass_it_turns_away(table, side):
    pushed = pushed_up(table, 6, offset=0.015 * side)
    assert side * pushed[-1, ANGLE] > 0.1


def test_a_finger_without_friction_slips_along_the_side_that_one_with_friction_takes_along(table):
    """The finger moves across the end of the stem at 25° from its normal, between friction of 0 and of 1."""
    angle = math.radians(25.0)
    start = {"finger_x": -0.02, "finger_y": STEM_END - RADIUS - 0.001}
    way = [(-0.02 + 0.4 * math.sin(angle), STEM_END + 0.4 * math.cos(angle))] * 3
    slipped = {}
    for friction in (0.0, 1.0):
        after = played(table, way, finger__friction=friction, **start)[-1]
        along = (after[FINGER_X] - after[X]) * math.cos(after[ANGLE]) + (after[FINGER_Y] - after[Y]) * math.sin(
            after[ANGLE]
        )
        slipped[friction] = along + 0.02
    assert slipped[0.0] > 0.02
    assert slipped[1.0] < 0.005


@pytest.mark.parametrize("speed", [0.1, 0.3, 0.5])
def test_the_finger_neither_enters_the_block_nor_lifts_it(table, speed):
    rng = np.random.default_rng(0)
    targets = rng.uniform(-0.15, 0.15, (150, 2)).repeat(2, axis=0)
    for seen in played(table, targets, finger__speed=speed, finger__gain=30.0):
        at = tee.Place(seen[X], seen[Y], seen[ANGLE])
        assert tee.distance(*at.point_seen(seen[FINGER_X], seen[FINGER_Y])) > RADIUS - 1e-3
        assert seen[Z] == pytest.approx(tee.THICKNESS / 2, abs=1e-3)
        assert seen[TILT] > math.cos(0.02)


def test_a_thicker_finger_touches_from_farther_away(table):
    thin, thick = (pushed_up(table, 4, finger__radius=radius)[-1, Y] for radius in (0.02, 0.03))
    assert thick - thin == pytest.approx(0.01, abs=1e-3)


def test_a_block_with_restitution_bounces_off(table):
    """It leaves with (1 + e) times the speed of the finger, up to the fifth that Bullet adds to a rebound."""
    dull, bouncy = (pushed_up(table, 1, block__restitution=share)[-1, Y] for share in (0.0, 0.8))
    assert bouncy > dull + 0.005


def test_its_moments_of_inertia_are_those_of_a_tee(table):
    """On a table without friction it is hit beside its centre, and moves on as a free body.

    With an arm r and the radius of gyration k, the rate ω and the speed v of its centre are as ω k² = r v.
    """
    hit = {"finger_x": 0.02, "finger_y": STEM_END - RADIUS - 0.028, "finger__friction": 0.0}
    seen = played(table, [(0.02, 0.35), *[(0.02, -0.35)] * 4], table__friction=0.0, **hit)
    moves = seen[-1, [Y, ANGLE]] - seen[-2, [Y, ANGLE]]
    assert moves[0] > 0.01
    assert moves[1] * tee.GYRATION**2 == pytest.approx(0.02 * moves[0], rel=0.01)


def test_what_the_world_tells_of_it_is_what_the_solver_has(table):
    seen = played(table, [(0.0, 0.0)], block_angle=0.7, block_x=0.1, finger_x=-0.2)[-1]
    at = tee.Place(seen[X], seen[Y], seen[ANGLE])
    apart = tee.distance(*at.point_seen(seen[FINGER_X], seen[FINGER_Y])) - RADIUS
    assert seen[APART] == pytest.approx(apart, abs=1e-6)
    x, y = tee.second_moments()
    height = tee.THICKNESS**2 / 12
    np.testing.assert_allclose(seen[INERTIA], MASS * np.array([y + height, x + height, x + y]), rtol=1e-5)


def test_a_parameter_does_what_building_the_scene_with_that_value_would_have_done(table):
    ways = np.random.default_rng(2).uniform(-0.15, 0.15, (50, 2)).repeat(2, axis=0)
    values = {name.replace(".", "__"): value for name, value in PUSH_T.items()}
    together = played(table, ways, finger_x=-0.2, **values)
    built = BlendEnv("rebuilt.tasks:RebuiltBlockOnTable")
    np.testing.assert_allclose(played(built, ways, finger_x=-0.2), together, atol=1e-5)
    built.close()
    for name in values:
        without = {other: value for other, value in values.items() if other != name}
        assert np.abs(played(table, ways, finger_x=-0.2, **without) - together).max() > 1e-3, name


def test_the_same_pushes_move_it_alike_to_the_last_bit(table):
    ways = np.random.default_rng(1).uniform(-0.2, 0.2, (60, 2))
    first = played(table, ways, finger_x=-0.2, finger_y=0.2)
    np.testing.assert_array_equal(played(table, ways, finger_x=-0.2, finger_y=0.2), first)
