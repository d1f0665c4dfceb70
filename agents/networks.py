"""Networks for images."""

from __future__ import annotations

import gymnasium as gym
import torch
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import nn

FEATURES = 128


class SmallCNN(BaseFeaturesExtractor):
    """Two convolutions and one layer: the network of Mnih et al., "Playing Atari with Deep RL" (2013), section 4.1.

    A quarter of the arithmetic of stable-baselines3's own (that of the journal paper of 2015), for images in which
    little happens.

    Args:
        observation_space: Images, (channels, height, width), at least 24 pixels each way.
    """

    def __init__(self, observation_space: gym.spaces.Box) -> None:
        super().__init__(observation_space, FEATURES)
        channels = observation_space.shape[0]
        self._convolutions = nn.Sequential(
            nn.Conv2d(channels, 16, kernel_size=8, stride=4),
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=4, stride=2),
            nn.ReLU(),
            nn.Flatten(),
        )
        with torch.no_grad():
            size = self._convolutions(torch.zeros(1, *observation_space.shape)).shape[1]
        self._head = nn.Sequential(nn.Linear(size, FEATURES), nn.ReLU())

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        """Features (batch, 128) of images (batch, channels, height, width) from 0 to 1."""
        features: torch.Tensor = self._head(self._convolutions(observations))
        return features
