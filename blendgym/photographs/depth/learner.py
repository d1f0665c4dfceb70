"""How a network learns from pairs that come in chunks."""

from __future__ import annotations

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from blendgym.agents.torch_modes import one_thread
from blendgym.photographs.depth.network import STRIDE, StereoNetwork, normalized
from blendgym.photographs.depth.pairs import Pairs
from blendgym.photographs.depth.room import REACH
from blendgym.photographs.learner import BatchLearner


class Training(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network is trained.

    Args:
        steps_per_chunk: Updates after pairs have arrived, on all that have.
        last_steps: Updates after the last ones.
        batch: Pairs in an update.
        width: Of the part of each pair that is learned from, in pixels.
        height: Likewise.
        rate: Highest learning rate of AdamW, by one cycle (Smith and Topin 2018).
        decay: Of its weights.
    """

    steps_per_chunk: int = 30
    last_steps: int = 150
    batch: int = 6
    width: int = 128
    height: int = 64
    rate: float = 6e-3
    decay: float = 1e-2


class StereoLearner(BatchLearner[Pairs]):
    """A network that finds disparities, and all that it has seen.

    Args:
        training: How it is trained.
        chunks: How often pairs will arrive.
        seed: Of its first weights and its batches.
    """

    def __init__(self, training: Training, chunks: int, seed: int) -> None:
        super().__init__(StereoNetwork, training, chunks, seed)
        self._training = training

    def losses(self, seen: Pairs) -> NDArray[np.float64]:
        """The loss of each pair, (count,), as the network is now."""
        self._network.eval()
        with one_thread(), torch.no_grad():
            return np.array([float(self._loss(seen.part(number, number + 1))) for number in range(len(seen.left))])

    def _loss_of_some(self, known: Pairs) -> Tensor:
        return self._loss(self._drawn(known))

    def _drawn(self, known: Pairs) -> Pairs:
        """The same part of some pairs, upside down or not."""
        training, (count, height, width) = self._training, known.left.shape
        rows = torch.randint(count, (training.batch,), generator=self._generator).numpy()
        top, start, turn = (
            int(torch.randint(most, (), generator=self._generator))
            for most in (height - training.height + 1, width - training.width + 1, 2)
        )
        window = slice(top, top + training.height), slice(start, start + training.width)
        return known.changed(lambda array: np.ascontiguousarray(array[rows][:, *window][:, :: -1 if turn else 1]))

    def _loss(self, pairs: Pairs) -> Tensor:
        """How unlikely the levels next to the truth are where both cameras see it, and by how much the answer is off.

        Errors count by the logarithm of 1 + error, so that what nobody can know does not outweigh the rest.
        """
        truth = torch.from_numpy(pairs.disparities.astype(np.float32))
        is_known = torch.isfinite(truth)
        levels, sharp = self._network(normalized(pairs.left), normalized(pairs.right))
        wanted = shares_of(truth.where(torch.from_numpy(pairs.are_seen), torch.nan))
        unlikely = cross_entropy(levels, wanted, reduction="sum") / wanted.sum().clamp(min=1.0)
        off = torch.log1p((sharp[is_known] - truth[is_known]).abs())
        return unlikely + off.sum() / is_known.sum().clamp(min=1)


def shares_of(disparities: Tensor) -> Tensor:
    """What the likelihoods of the levels should be: each disparity is shared by the two next to it.

    Args:
        disparities: In pixels, not a number where unknown, (count, height, width).
    """
    wanted = disparities[:, None, ::STRIDE, ::STRIDE] / STRIDE
    numbers = torch.arange(REACH // STRIDE, dtype=wanted.dtype)[:, None, None]
    return (1.0 - (numbers - wanted).abs()).clamp(min=0.0).nan_to_num()
