"""What the recipe of Push-T sees and says: all of it in the frame of the block."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest
import torch

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.features import RADIUS, InTheFrameOfTheBlock, PushTImitator
from blendgym.envs.push_t.task import REACH

SPACE = gym.spaces.Box(-3.0, 3.0, (6,))


def seen(block, finger):
    numbers = [*finger, block.x, block.y, REACH * math.cos(block.angle), REACH * math.sin(block.angle)]
    return torch.tensor([numbers]) / REACH


def features(block, finger=(-0.2, 0.15)):
    return InTheFrameOfTheBlock(SPACE)(seen(block, finger))[0].numpy()


def test_features_are_the_observation_and_the_finger_and_the_goal_in_the_frame_of_the_block():
    block, finger = tee.Place(0.1, -0.05, 2.0), (-0.2, 0.15)
    goal = tee.GOAL.seen_from(block)
    expected = [
        *seen(block, finger)[0].tolist(), *np.divide(block.point_seen(*finger), 0.1), goal.x / 0.1, goal.y / 0.1,
        math.cos(goal.angle), math.sin(goal.angle),
    ]  # fmt: skip
    np.testing.assert_allclose(features(block, finger)[:12], expected, atol=1e-5)


@pytest.mark.parametrize(("x", "y", "angle"), [(0.0, 0.0, 0.3), (0.002, -0.001, 0.0), (0.2, 0.1, -3.0), (0, 0.1, 3.1)])
def test_the_way_to_the_goal_is_told_by_its_direction_and_by_the_logarithm_of_the_displacement(x, y, angle):
    block = tee.Place(tee.GOAL.x + x, tee.GOAL.y + y, tee.GOAL.angle + angle)
    told = features(block)[12:16]
    assert told[3] == pytest.approx(math.log(tee.displacement(block.seen_from(tee.GOAL)) / 0.02), abs=1e-3)
    assert np.linalg.norm(told[:3]) == pytest.approx(1.0, abs=1e-5)
    assert told[2] * angle <= 0.0, "it is to turn back, the shorter way"


def test_a_finger_that_touches_the_bar_from_above_is_told_to_be_at_its_side():
    top = tee.PARTS[0].y + tee.PARTS[0].half_height
    block = tee.Place(0.1, 0.0, 1.0)
    above = [features(block, block.point_at(0.0, top + RADIUS + away)) for away in (-0.002, 0.0, 0.002)]
    touching = np.abs(above[1][28:]) < 1e-3
    assert touching.any()
    assert (above[0][28:][touching] < -0.04).all()
    assert (above[2][28:][touching] > 0.04).all()


def test_what_is_said_turns_with_the_block():
    imitator = PushTImitator(SPACE, gym.spaces.Box(-1.0, 1.0, (2,)), lambda _: 1e-3)
    observations, actions = torch.randn(5, 6), torch.randn(5, 2)
    observations[:, 4:] /= observations[:, 4:].norm(dim=1, keepdim=True)
    own = imitator.to_own_frame(observations, actions)
    np.testing.assert_allclose(imitator.from_own_frame(observations, own), actions, atol=1e-6)
    quarter = torch.tensor([[0.0, 0.0, 0.0, 0.0, 0.0, 1.0]])
    np.testing.assert_allclose(imitator.to_own_frame(quarter, torch.tensor([[1.0, 0.0]])), [[0.0, -1.0]], atol=1e-6)
