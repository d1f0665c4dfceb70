"""A small U-Net (Ronneberger et al. 2015) that finds cups in pictures, trained from nothing.

It works at half the size of a picture: four pixels of each colour are its features at first, and at the end each of its
features tells of four pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import (
    affine_grid,
    binary_cross_entropy_with_logits,
    grid_sample,
    interpolate,
    max_pool2d,
)

from blendgym.agents.torch_modes import one_thread
from blendgym.photographs.cup.renders import Pictures
from blendgym.photographs.learner import BatchLearner

WIDTHS = (16, 32, 48, 64)
"""Features at a half, a quarter, an eighth and a sixteenth of the size."""

MULTIPLE = 16
"""Sides of pictures are multiples of so many pixels."""

DIM = 0.08
"""What is added to the deviation of a picture by which it is divided, so that noise in the dark stays small."""

EVEN = 1.0
"""Pixels that are added to both parts of an overlap, so that pictures without a cup count, too."""


class Training(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network is trained.

    Args:
        steps_per_chunk: Updates after pictures have arrived, on all that have.
        last_steps: Updates after the last ones.
        batch: Pictures in an update.
        zoom: Deviation of the logarithm of the factor by which each of them is enlarged.
        tint: Deviation of the logarithm of the factor of each of its colours.
        rate: Highest learning rate of AdamW, by one cycle (Smith and Topin 2018).
        decay: Of its weights.
    """

    steps_per_chunk: int = 50
    last_steps: int = 500
    batch: int = 8
    zoom: float = 0.12
    tint: float = 0.1
    rate: float = 6e-3
    decay: float = 1e-2


class CupNetwork(nn.Module):
    """Pictures (count, 3, height, width) to logarithms of the odds that a pixel shows a cup, (count, height, width)."""

    def __init__(self) -> None:
        super().__init__()
        first, *further = WIDTHS
        self.down = nn.ModuleList([_block(12, first)])
        self.down.extend(_block(*pair) for pair in zip(WIDTHS, further, strict=False))
        self.up = nn.ModuleList(
            _block(deep + flat, flat) for deep, flat in zip(further[::-1], WIDTHS[-2::-1], strict=True)
        )
        self.last = nn.Sequential(nn.Conv2d(first, 4, 3, padding=1), nn.PixelShuffle(2))
        self.halve = nn.PixelUnshuffle(2)

    def forward(self, pictures: Tensor) -> Tensor:
        """The odds of each pixel."""
        x, seen = self.halve(pictures), list[Tensor]()
        for number, block in enumerate(self.down):
            x = block(max_pool2d(x, 2) if number else x)
            seen.append(x)
        for block, flat in zip(self.up, seen[-2::-1], strict=True):
            x = block(torch.cat([interpolate(x, size=flat.shape[2:], mode="bilinear"), flat], dim=1))
        odds: Tensor = self.last(x)[:, 0]
        return odds


class CupLearner(BatchLearner[Pictures]):
    """A network that finds cups, and all that it has seen.

    Args:
        training: How it is trained.
        chunks: How often pictures will arrive.
        seed: Of its first weights and its batches.
    """

    def __init__(self, training: Training, chunks: int, seed: int) -> None:
        super().__init__(_untrained, training, chunks, seed)
        self._training = training

    def losses(self, seen: Pictures) -> NDArray[np.float64]:
        """The loss of each picture, (count,), as the network is now."""
        self._network.eval()
        with one_thread(), torch.no_grad():
            colours, masks = _tensors(seen)
            return np.asarray(_losses(self._network(_normalized(colours)), masks).double().numpy())

    def _loss_of_some(self, known: Pictures) -> Tensor:
        colours, masks = self._drawn(known)
        return _losses(self._network(_normalized(colours)), masks).mean()

    def _drawn(self, known: Pictures) -> tuple[Tensor, Tensor]:
        """Some pictures: each enlarged or not, moved, seen in a mirror or not, and tinted."""
        training, count = self._training, self._training.batch
        rows = torch.randint(len(known.colours), (count,), generator=self._generator).numpy()
        colours, masks = _tensors(Pictures(known.colours[rows], known.masks[rows]))
        zoom = torch.exp(training.zoom * torch.randn(count, generator=self._generator))
        side = torch.randint(2, (count,), generator=self._generator) * 2.0 - 1.0
        move = (1.0 - 1.0 / zoom)[:, None] * (2.0 * torch.rand(count, 2, generator=self._generator) - 1.0)
        change = torch.zeros(count, 2, 3)
        change[:, 0, 0], change[:, 1, 1], change[:, :, 2] = side / zoom, 1.0 / zoom, move
        places = affine_grid(change, list(colours.shape), align_corners=False)
        tint = torch.exp(training.tint * torch.randn(count, 3, 1, 1, generator=self._generator))
        colours = grid_sample(colours, places, padding_mode="reflection", align_corners=False)
        masks = grid_sample(masks[:, None], places, "nearest", "reflection", align_corners=False)[:, 0]
        return (tint * colours).clamp(max=1.0), masks


def odds_of(weights: Mapping[str, NDArray[Any]], pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Logarithms of the odds that pixels show a cup: the mean of those in a picture and in its mirror image.

    Args:
        weights: Of a network.
        pictures: (count, height, width, 3), whose sides are multiples of ``MULTIPLE``.

    Returns:
        (count, height, width).
    """
    network = CupNetwork()
    network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    network.eval()
    with one_thread(), torch.no_grad():
        answers = [_both_ways(network, _normalized(colours[None]))[0] for colours in _colours(pictures)]
        return np.asarray(torch.stack(answers).double().numpy())


def _both_ways(network: nn.Module, pictures: Tensor) -> Tensor:
    mirrored = network(pictures.flip(3)).flip(2)
    return (network(pictures) + mirrored) / 2.0  # type: ignore[no-any-return]


def _untrained() -> nn.Module:
    return CupNetwork().to(memory_format=torch.channels_last)  # type: ignore[no-any-return, call-overload]


def _losses(odds: Tensor, masks: Tensor) -> Tensor:
    """Cross-entropy, and half of what an overlap lacks (Milletari et al., "V-Net", 2016), of each picture."""
    shares = torch.sigmoid(odds)
    common, both = (shares * masks).sum(dim=(1, 2)), (shares + masks).sum(dim=(1, 2))
    lacking = 1.0 - (2.0 * common + EVEN) / (both + EVEN)
    return binary_cross_entropy_with_logits(odds, masks, reduction="none").mean(dim=(1, 2)) + 0.5 * lacking


def _block(channels: int, further: int) -> nn.Sequential:
    return nn.Sequential(*_layer(channels, further), *_layer(further, further))


def _layer(channels: int, further: int) -> tuple[nn.Module, nn.Module, nn.Module]:
    return nn.Conv2d(channels, further, 3, padding=1, bias=False), nn.BatchNorm2d(further), nn.ReLU()


def _tensors(pictures: Pictures) -> tuple[Tensor, Tensor]:
    return _colours(pictures.colours), torch.from_numpy(pictures.masks).float()


def _colours(pictures: NDArray[np.uint8]) -> Tensor:
    """Shares of white, (count, 3, height, width)."""
    return torch.tensor(pictures).permute(0, 3, 1, 2).float() / 255.0


def _normalized(colours: Tensor) -> Tensor:
    """Pictures with mean 0 and a deviation of nearly 1, each by itself."""
    deviation, mean = torch.std_mean(colours, dim=(1, 2, 3), keepdim=True)
    return ((colours - mean) / (deviation + DIM)).contiguous(memory_format=torch.channels_last)
