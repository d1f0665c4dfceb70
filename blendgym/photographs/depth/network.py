"""A small network that finds disparities in grey pairs, trained from nothing.

Features of both pictures are compared at each disparity, in groups of channels (Guo et al., "Group-wise Correlation
Stereo Network", 2019); three-dimensional convolutions make the comparisons agree, and the mean disparity of what they
come to is the answer (Kendall et al., "End-to-End Learning of Geometry and Context for Deep Stereo Regression", 2017).
A few more convolutions sharpen it by the left picture and the right one moved by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import grid_sample, interpolate, pad, pixel_unshuffle

from blendgym.agents.torch_modes import one_thread
from blendgym.photographs.depth.room import REACH

STRIDE = 2
"""Pixels of a picture for each of its features."""

MULTIPLE = 8
"""Pictures are padded to multiples of so many pixels."""

CHANNELS, GROUPS = 24, 6
"""Of features, and parts of them that are compared by themselves."""

NEAR = 2
"""Levels that count to each side of the likeliest one, so that what else is likely does not blur edges."""

CERTAINTY = 10.0
"""What likenesses, from -1 to 1, are multiplied by at first, so that networks begin by taking the likeliest level."""

DIM = 4.0
"""What is added to the deviation of a picture by which it is divided, so that noise in the dark stays small."""


class StereoNetwork(nn.Module):
    """Grey pairs, each (count, 1, height, width), to likelihoods of disparities, and disparities."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.PixelUnshuffle(STRIDE),
            _flat(STRIDE**2, CHANNELS),
            _Residual(CHANNELS, 1),
            _Residual(CHANNELS, 2),
            nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1),
        )
        self.second = nn.Sequential(_solid(GROUPS, 16, stride=2), _solid(16, 16))
        self.third = nn.Sequential(_solid(16, 24, stride=2), _solid(24, 24), _solid(24, 24))
        self.up_third, self.agree_second = nn.Conv3d(24, 16, 1), _solid(16, 16)
        self.up_second = nn.Conv3d(16, GROUPS, 1)
        self.last = nn.Conv3d(GROUPS, 1, 3, padding=1)
        self.certainty = nn.Parameter(torch.tensor(CERTAINTY))
        self.sharpen = nn.Sequential(
            _flat(CHANNELS + 2 * STRIDE**2 + 1, 32),
            _flat(32, 32, dilation=2),
            _flat(32, 32, dilation=4),
            _flat(32, 32),
            nn.Conv2d(32, STRIDE**2, 3, padding=1),
            nn.PixelShuffle(STRIDE),
        )

    def forward(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """The likelihoods of levels, and disparities.

        Returns:
            Logarithms of the likelihood of each disparity of the features, not normalized, (count, levels, height / 2,
            width / 2); and the disparity of each pixel of the left pictures, (count, height, width).
        """
        of_left, of_right = self.features(torch.cat([left, right])).chunk(2)
        alike = compared(of_left, of_right, REACH // STRIDE)
        second = self.second(alike)
        third = self.third(second)
        second = self.agree_second(second + _enlarged(self.up_third(third), second))
        agreed = torch.relu(alike + _enlarged(self.up_second(second), alike))
        levels = self.last(agreed)[:, 0] + self.certainty * alike.mean(dim=1)
        mean = mean_level(levels)
        coarse = interpolate(STRIDE * mean, scale_factor=float(STRIDE), mode="bilinear")
        pictures = (pixel_unshuffle(each, STRIDE) for each in (left, moved(right, coarse)))
        seen = torch.cat([of_left, *pictures, STRIDE * mean / REACH], dim=1)
        return levels, (coarse + self.sharpen(seen))[:, 0]


def mean_level(levels: Tensor) -> Tensor:
    """The mean of the levels around the likeliest one, (count, 1, height, width)."""
    numbers = torch.arange(levels.shape[1], dtype=levels.dtype)[:, None, None]
    is_near = (numbers - levels.argmax(dim=1, keepdim=True)).abs() <= NEAR
    shares = torch.softmax(levels.masked_fill(~is_near, -torch.inf), dim=1)
    return (shares * numbers).sum(dim=1, keepdim=True)


def compared(left: Tensor, right: Tensor, levels: int) -> Tensor:
    """How alike features are at each disparity.

    Args:
        left: Of one picture, (count, channels, height, width).
        right: Of the other one.
        levels: How many disparities there are, from 0 on, in pixels of the features.

    Returns:
        The cosine of each group of channels, 0 beyond the border, (count, GROUPS, levels, height, width).
    """
    left, right = (_unit(each) for each in (left, right))
    width = left.shape[-1]
    volume = torch.stack(
        [pad((left[..., level:] * right[..., : width - level]).sum(dim=2), (level, 0)) for level in range(levels)],
        dim=2,
    )
    # Three-dimensional convolutions on processors are five times as fast with channels last (torch 2.13).
    return volume.contiguous(memory_format=torch.channels_last_3d)


def moved(right: Tensor, disparities: Tensor) -> Tensor:
    """A right picture as it would be seen from the left.

    Args:
        right: (count, channels, height, width).
        disparities: In pixels, of the left picture, (count, 1, height, width).
    """
    height, width = right.shape[2:]
    across = (torch.arange(width) - disparities[:, 0] + 0.5) * (2.0 / width) - 1.0
    down = ((torch.arange(height) + 0.5) * (2.0 / height) - 1.0)[:, None].expand_as(across)
    return grid_sample(right, torch.stack([across, down], dim=-1), padding_mode="border", align_corners=False)


def disparities_of(
    weights: Mapping[str, NDArray[Any]], left: NDArray[np.uint8], right: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """What a trained network makes of a pair of any size.

    Args:
        weights: Of the network.
        left: Grey, (height, width).
        right: Likewise.

    Returns:
        Of the left picture, in pixels, (height, width).
    """
    network = StereoNetwork()
    network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    network.eval()
    height, width = left.shape
    border = (0, -height % MULTIPLE), (0, -width % MULTIPLE)
    pair = [np.pad(each, border, mode="edge")[None] for each in (left, right)]
    with one_thread(), torch.no_grad():
        _, sharp = network(*map(normalized, pair))
    return np.asarray(sharp[0, :height, :width].double().numpy())


def normalized(pictures: NDArray[np.uint8]) -> Tensor:
    """Pictures, (count, height, width), each with mean 0 and a deviation of nearly 1, (count, 1, height, width)."""
    floats = torch.from_numpy(np.ascontiguousarray(pictures)).float()[:, None]
    deviation, mean = torch.std_mean(floats, dim=(1, 2, 3), keepdim=True)
    return ((floats - mean) / (deviation + DIM)).contiguous(memory_format=torch.channels_last)


class _Residual(nn.Module):
    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(_flat(channels, channels), _flat(channels, channels, dilation=dilation))

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = x + self.layers(x)
        return changed


def _flat(channels: int, further: int, dilation: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(channels, further, 3, padding=dilation, dilation=dilation, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(further), nn.ReLU())


def _solid(channels: int, further: int, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv3d(channels, further, 3, stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm3d(further), nn.ReLU())


def _unit(features: Tensor) -> Tensor:
    """Groups of features as unit vectors, (count, GROUPS, channels / GROUPS, height, width)."""
    count, channels, height, width = features.shape
    features = features.reshape(count, GROUPS, channels // GROUPS, height, width)
    return features * torch.rsqrt(features.square().sum(dim=2, keepdim=True) + 1e-6)


def _enlarged(volume: Tensor, like: Tensor) -> Tensor:
    return interpolate(volume, size=like.shape[2:], mode="trilinear")
