"""What the recipe of Push-T adds to the observation says where finger and goal are, seen from the block."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import torch

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.features import InTheFrameOfTheBlock
from blendgym.envs.push_t.task import REACH


def test_features_are_the_observation_and_the_finger_and_the_goal_in_the_frame_of_the_block():
    block, finger = tee.Place(0.1, -0.05, 2.0), (-0.2, 0.15)
    numbers = [*finger, block.x, block.y, REACH * math.cos(block.angle), REACH * math.sin(block.angle)]
    observation = torch.tensor([numbers]) / REACH
    features = InTheFrameOfTheBlock(gym.spaces.Box(-3.0, 3.0, (6,)))(observation)[0].numpy()
    goal = tee.GOAL.seen_from(block)
    expected = [
        *observation[0].tolist(), *np.divide(block.point_seen(*finger), 0.1), goal.x / 0.1, goal.y / 0.1,
        math.cos(goal.angle), math.sin(goal.angle),
    ]  # fmt: skip
    np.testing.assert_allclose(features, expected, atol=1e-5)
