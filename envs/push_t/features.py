"""What networks see of Push-T: the state, and where finger and goal are in the frame of the block."""

from __future__ import annotations

import gymnasium as gym
import torch
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.task import REACH

NEAR = 0.1  # m: distances in the frame of the block are about that large


class InTheFrameOfTheBlock(BaseFeaturesExtractor):
    """The observation, and the finger and the goal as they are seen from the block.

    Pushes are the same wherever the block lies; without this, a network has to learn to turn what it sees.

    Args:
        observation_space: Of ``PushT``.
    """

    def __init__(self, observation_space: gym.spaces.Box) -> None:
        super().__init__(observation_space, features_dim=12)

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        """Features (batch, 12) of observations (batch, 6)."""
        finger, block = REACH * observations[:, :2], REACH * observations[:, 2:4]
        cosine, sine = observations[:, 4], observations[:, 5]
        goal = observations.new_tensor(tee.GOAL[:2]).expand_as(block)
        goal_cosine, goal_sine = (
            observations.new_tensor(tee.GOAL.angle).cos(),
            observations.new_tensor(tee.GOAL.angle).sin(),
        )
        turn = torch.stack((goal_cosine * cosine + goal_sine * sine, goal_sine * cosine - goal_cosine * sine), dim=1)
        seen = [_turned(point - block, cosine, sine) / NEAR for point in (finger, goal)]
        return torch.cat((observations, *seen, turn), dim=1)


def _turned(offset: torch.Tensor, cosine: torch.Tensor, sine: torch.Tensor) -> torch.Tensor:
    x, y = offset.unbind(dim=1)
    return torch.stack((cosine * x + sine * y, cosine * y - sine * x), dim=1)
