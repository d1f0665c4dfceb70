"""Networks for images."""

from __future__ import annotations

import gymnasium as gym
import torch
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import nn

FEATURES = 128


class Standardize(nn.Module):
    """Takes from each pixel its mean, and divides it by its deviation, so that what never moves is not seen.

    In a picture of a simulation nearly all is background, which would drown the few pixels that matter. The first
    batches of training are learnt from; afterwards nothing changes, so that a policy sees what it was trained on.

    Args:
        shape: The shape of an image: (channels, height, width).
    """

    BATCHES = 200
    LEAST_DEVIATION = 0.02
    LARGEST = 5.0

    batches: torch.Tensor
    mean: torch.Tensor
    square: torch.Tensor

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.register_buffer("batches", torch.zeros(()))
        self.register_buffer("mean", torch.zeros(shape))
        self.register_buffer("square", torch.ones(shape))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Images (batch, channels, height, width) in units of their deviations."""
        if self.training and self.batches < self.BATCHES:
            self.batches += 1
            self.mean += (images.mean(dim=0) - self.mean) / self.batches
            self.square += ((images**2).mean(dim=0) - self.square) / self.batches
        sharpness = (self.square - self.mean**2).clamp(min=self.LEAST_DEVIATION**2).rsqrt()
        standardized = (images - self.mean).mul_(sharpness).clamp_(-self.LARGEST, self.LARGEST)
        # On a processor, few channels are convolved twice as fast where they lie side by side.
        return standardized.contiguous(memory_format=torch.channels_last)


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
            Standardize(observation_space.shape),
            nn.Conv2d(channels, 16, kernel_size=8, stride=4),
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=4, stride=2),
            nn.ReLU(),
            nn.Flatten(),
        )
        with torch.no_grad():
            size = self._convolutions.eval()(torch.zeros(1, *observation_space.shape)).shape[1]
        self._convolutions.train()
        self._head = nn.Sequential(nn.Linear(size, FEATURES), nn.ReLU())

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        """Features (batch, 128) of images (batch, channels, height, width) from 0 to 1."""
        features: torch.Tensor = self._head(self._convolutions(observations))
        return features
