"""What networks see of Push-T: what matters for the next push, in the frame of the block."""

from __future__ import annotations

import math

import gymnasium as gym
import torch
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor

from blendgym.agents.imitators import Imitator
from blendgym.envs.push_t import tee
from blendgym.envs.push_t.task import REACH

NEAR = 0.1  # m: distances in the frame of the block are about that large
WAVES = (0.2, 0.08, 0.032)  # m, of what tells where the finger is, coarse and fine
RADIUS = 0.025  # m, of the finger
TOUCH = (0.01, 0.04)  # m, from the sides of the block, within which distances are told apart
FAR = 0.02  # m: displacements are told by their ratio to it
LEAST = 1e-4  # m


class InTheFrameOfTheBlock(BaseFeaturesExtractor):
    """The observation, and where finger and goal are as seen from the block, coarse and fine.

    Pushes are the same wherever the block lies; without this, a network has to learn to turn what it sees. Millimetres
    decide whether the finger touches, and whether the block covers its goal: where the finger is comes in waves and in
    distances from the sides, and where the goal is as a direction and the logarithm of a distance.

    Args:
        observation_space: Of ``PushT``.
    """

    def __init__(self, observation_space: gym.spaces.Box) -> None:
        super().__init__(observation_space, features_dim=16 + 4 * len(WAVES) + 4 * len(TOUCH))

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        """Features (batch, 36) of observations (batch, 6)."""
        block = REACH * observations[:, 2:4]
        finger = to_frame_of_the_block(observations, REACH * observations[:, :2] - block)
        goal = to_frame_of_the_block(observations, observations.new_tensor(tee.GOAL[:2]) - block)
        ahead = observations.new_tensor((math.cos(tee.GOAL.angle), math.sin(tee.GOAL.angle))).expand_as(block)
        turned = to_frame_of_the_block(observations, ahead)
        turn = torch.atan2(turned[:, 1:], turned[:, :1])
        waves = [function(math.tau / wave * finger) for wave in WAVES for function in (torch.sin, torch.cos)]
        sides = torch.cat([_beyond(finger, part) for part in tee.PARTS], dim=1)
        touch = [torch.tanh(sides / scale) for scale in TOUCH]
        return torch.cat((observations, finger / NEAR, goal / NEAR, turned, *_way(goal, turn), *waves, *touch), dim=1)


class PushTImitator(Imitator):
    """An imitator that says where the finger goes in the frame of the block."""

    def to_own_frame(self, observations: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        return to_frame_of_the_block(observations, actions)

    def from_own_frame(self, observations: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        cosine, sine = observations[:, 4], observations[:, 5]
        x, y = actions.unbind(dim=1)
        return torch.stack((cosine * x - sine * y, sine * x + cosine * y), dim=1)


def to_frame_of_the_block(observations: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
    """Vectors (batch, 2) on the table, as they are seen from the block of observations (batch, 6)."""
    cosine, sine = observations[:, 4], observations[:, 5]
    x, y = vectors.unbind(dim=1)
    return torch.stack((cosine * x + sine * y, cosine * y - sine * x), dim=1)


def _way(goal: torch.Tensor, turn: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """How the block has to move: a direction (batch, 3) with the turn as a length, and the logarithm of how far."""
    way = torch.cat((goal, 2.0 * tee.GYRATION * torch.sin(turn / 2.0)), dim=1)
    length = way.norm(dim=1, keepdim=True).clamp(min=LEAST)
    return way / length, torch.log(length / FAR)


def _beyond(finger: torch.Tensor, part: tee.Rectangle) -> torch.Tensor:
    """How far a finger is from touching the sides of a part of the block, in m: (batch, 2), less than 0 within."""
    middle, half = finger.new_tensor((part.x, part.y)), finger.new_tensor((part.half_width, part.half_height))
    return (finger - middle).abs() - half - RADIUS
