"""Planned pushes bring the block to its goal, and what the planner imagines is near to what happens in Blender."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest
from block_on_table import BLOCK_ON_TABLE

from blendgym.client.env import BlendEnv
from blendgym.envs.push_t import tee
from blendgym.envs.push_t.detours import next_point
from blendgym.envs.push_t.pusher import Pusher
from blendgym.envs.push_t.pushing import push
from blendgym.envs.push_t.task import REACH

RADIUS, FRICTION = 0.025, 0.5


def pushed(finger, way, block=(0.0, 0.0, 0.0)):
    return push(np.array([finger]), np.array([block]), np.array([way]), RADIUS, FRICTION)[1][0]


def test_it_solves_every_one_of_six_episodes():
    env, pusher = gym.make("BlendPushT-v0"), Pusher()
    for seed in range(6):
        observation, _ = env.reset(seed=seed)
        pusher.reset()
        total, over = 0.0, False
        while not over:
            observation, reward, terminated, truncated, info = env.step(pusher.act(observation))
            total, over = total + reward, terminated or truncated
        assert info["is_success"], f"seed {seed}"
        assert total > 5.9
    env.close()


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


@pytest.mark.parametrize("angle", [0.0, 1.0, 2.5, -2.0])
def test_detours_lead_around_the_block_without_touching_it(angle):
    block, start, goal = tee.Place(0.03, -0.02, angle), (-0.25, -0.2), (0.25, 0.2)
    here, points = start, 0
    while here != goal:
        there = next_point(here, goal, block, RADIUS)
        for share in np.linspace(0.0, 1.0, 50):
            point = np.add(here, share * np.subtract(there, here))
            assert tee.distance(*block.point_seen(*point)) > RADIUS
        here, points = there, points + 1
        assert points < 6
    assert points > 1, "the straight way is barred"
