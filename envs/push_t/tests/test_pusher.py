"""Planned pushes bring the block to its goal, and what the planner imagines is near to what happens in Blender."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from block_on_table import BLOCK_ON_TABLE

from blendgym.agents import make_vec_env
from blendgym.client.env import BlendEnv
from blendgym.envs.push_t import tee
from blendgym.envs.push_t.detours import CORNERS, Detours
from blendgym.envs.push_t.pusher import Pusher
from blendgym.envs.push_t.pushing import push
from blendgym.envs.push_t.task import REACH

RADIUS, FRICTION = 0.025, 0.5


def pushed(finger, way, block=(0.0, 0.0, 0.0)):
    return push(np.array([finger]), np.array([block]), np.array([way]), RADIUS, FRICTION)[1][0]


def test_it_solves_every_one_of_twenty_episodes_within_twelve_seconds():
    envs, pusher = make_vec_env("BlendPushT-v0", 10, num_servers=1, seed=0, action_type="relative"), Pusher()
    observations, episodes = envs.reset(), []
    while len(episodes) < 20:
        observations, _, dones, infos = envs.step(pusher.act(observations))
        episodes += [infos[row] for row in dones.nonzero()[0]]
    envs.close()
    for info in episodes:
        assert info["is_success"]
        assert info["episode"]["r"] > 5.9
        assert info["episode"]["l"] <= 120


def test_what_it_does_is_a_function_of_what_it_sees():
    rng = np.random.default_rng(0)
    seen = np.concatenate((rng.uniform(-0.6, 0.6, (30, 4)), rng.normal(size=(30, 2))), axis=1).astype(np.float32)
    pusher = Pusher()
    together = pusher.act(seen)
    np.testing.assert_array_equal(pusher.act(seen), together)
    alone = np.concatenate([Pusher().act(row[None]) for row in seen[::-1]])[::-1]
    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_what_it_does_is_within_the_action_space_wherever_finger_and_block_are():
    rng = np.random.default_rng(1)
    seen = np.concatenate((rng.uniform(-1.1, 1.1, (200, 4)), rng.normal(size=(200, 2))), axis=1)
    actions = Pusher().act(seen)
    assert actions.dtype == np.float32
    assert (np.linalg.norm(actions, axis=1) < 1.0 + 1e-6).all()
    assert np.isfinite(actions).all()


def test_an_imagined_push_through_the_centre_of_mass_moves_the_block_by_what_the_finger_goes_beyond_its_surface():
    top = tee.PARTS[0].y + tee.PARTS[0].half_height
    x, y, angle = pushed((0.0, top + RADIUS), (0.0, -0.1))
    assert (x, y, angle) == pytest.approx((0.0, -0.1, 0.0), abs=1e-9)


def test_an_imagined_finger_that_meets_nothing_moves_nothing():
    np.testing.assert_array_equal(pushed((0.3, 0.3), (-0.05, 0.05)), 0.0)


def test_an_imagined_push_does_not_depend_on_where_and_how_the_block_lies():
    block = tee.Place(0.1, -0.2, 2.0)
    start, end = (0.06, 0.12), (0.04, 0.0)
    there, beyond = np.array(block.point_at(*start)), np.array(block.point_at(*end))
    x, y, angle = pushed(start, np.subtract(end, start))
    moved = pushed(there, beyond - there, block)
    assert moved == pytest.approx([*block.point_at(x, y), block.angle + angle])
    assert abs(angle) > 0.1


def test_blender_does_about_what_is_imagined():
    """Random pushes of 0.18 to 0.3 m; half of them end within 18 mm and 0.15 rad, of which the block slides 10 mm."""
    env, rng, errors = BlendEnv(BLOCK_ON_TABLE), np.random.default_rng(0), []
    for _ in range(30):
        side = rng.uniform(-math.pi, math.pi)
        start = 0.2 * np.array([math.cos(side), math.sin(side)])
        aim = rng.uniform(-0.06, 0.06, 2) - start
        way = rng.integers(6, 11) * 0.03 * aim / np.linalg.norm(aim)
        env.reset(options={"params": {"finger_x": start[0], "finger_y": start[1], "finger.gain": 30.0}})
        for _ in range(20):
            seen = env.step(((start + way) / REACH).astype(np.float32))[0]
        x, y, angle = pushed(start, way)
        errors.append((math.hypot(seen[0] - x, seen[1] - y), abs(math.remainder(seen[3] - angle, math.tau))))
    env.close()
    assert (np.median(errors, axis=0) < (0.018, 0.15)).all()


ALL = np.ones((1, CORNERS), bool)


def way_of(start, goal, usable=ALL):
    """The points of the way, and how long it was said to be."""
    detours, here, points = Detours(np.array([goal]), RADIUS), np.array(start), [np.array(start)]
    (length,) = detours.find(here[None], usable)[0][0]
    while not np.array_equal(here, goal):
        here = detours.find(here[None], usable)[1][0, 0]
        points.append(here)
        assert len(points) < 7
    return points, length


@pytest.mark.parametrize("start", [(-0.3, -0.2), (0.1, -0.1), (0.0, 0.25), (-0.06, -0.05)])
def test_detours_lead_around_the_block_without_touching_it_and_are_as_long_as_they_say(start):
    points, length = way_of(start, (0.25, -0.05))
    for here, there in itertools.pairwise(points):
        for share in np.linspace(0.0, 1.0, 50):
            assert tee.distance(*(here + share * (there - here))) > RADIUS
    assert sum(math.dist(*pair) for pair in itertools.pairwise(points)) == pytest.approx(length)


def test_detours_lead_over_the_corners_that_may_be_used():
    points, length = way_of((-0.3, 0.0), (0.3, 0.0))
    around_the_stem = ALL & (Detours(np.zeros((1, 2)), RADIUS).corners[:, 1] < 0.0)
    other, longer = way_of((-0.3, 0.0), (0.3, 0.0), around_the_stem)
    assert max(y for _, y in points) > 0.05
    assert min(y for _, y in other) < -0.15
    assert longer > length


def test_there_is_no_way_where_no_corner_may_be_used():
    lengths, _ = Detours(np.array([[0.3, 0.0]]), RADIUS).find(np.array([[-0.3, 0.0]]), ~ALL)
    assert np.isinf(lengths).all()
