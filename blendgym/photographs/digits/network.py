"""A small convolutional network that reads bitmaps of digits, trained from nothing while bitmaps arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from blendgym.agents.torch_modes import one_thread
from blendgym.photographs.learner import Learner


class Training(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a network is trained.

    Args:
        steps_per_chunk: Updates after bitmaps have arrived, on all that have.
        last_steps: Updates after the last one.
        batch: Bitmaps in an update.
        rate: Highest learning rate of AdamW, by one cycle (Smith and Topin 2018).
        decay: Of its weights.
        smoothing: Of labels in the loss.
        dropout: Share of features that are left out before the last layers.
    """

    steps_per_chunk: int = 25
    last_steps: int = 300
    batch: int = 64
    rate: float = 4e-3
    decay: float = 1e-2
    smoothing: float = 0.05
    dropout: float = 0.3


class Reader(Learner):
    """A network that reads digits, and all that it has seen.

    Args:
        training: How it is trained.
        chunks: How often bitmaps will arrive.
        seed: Of its first weights, its batches and its dropout.
    """

    def __init__(self, training: Training, chunks: int, seed: int) -> None:
        super().__init__(lambda: make_network(training.dropout), training, chunks, seed)
        self._training = training
        self._dropout_seed = seed
        self._bitmaps = torch.empty(0, 1, 8, 8)
        self._digits = torch.empty(0, dtype=torch.int64)

    def learn(self, bitmaps: NDArray[np.float32], digits: NDArray[np.int64]) -> None:
        """Learns a while from what has arrived so far.

        Args:
            bitmaps: That arrive now, (count, 8, 8).
            digits: What each of them shows, (count,).
        """
        self._bitmaps = torch.cat([self._bitmaps, torch.from_numpy(bitmaps)[:, None]])
        self._digits = torch.cat([self._digits, torch.from_numpy(digits)])
        self._learn_a_while()

    def losses(self, bitmaps: NDArray[np.float32], digits: NDArray[np.int64]) -> NDArray[np.float64]:
        """Cross-entropy of each bitmap, (count,), as the network is now."""
        logits = torch.from_numpy(_logits(self._network, bitmaps))
        return cross_entropy(logits, torch.from_numpy(digits), reduction="none").double().numpy()

    def _update(self, steps: int) -> None:
        with torch.random.fork_rng():
            self._dropout_seed += 1_000_003
            torch.manual_seed(self._dropout_seed)
            super()._update(steps)

    def _batch_loss(self) -> Tensor:
        rows = torch.randint(len(self._digits), (self._training.batch,), generator=self._generator)
        logits = self._network(self._bitmaps[rows])
        return cross_entropy(logits, self._digits[rows], label_smoothing=self._training.smoothing)


def make_network(dropout: float = 0.0) -> nn.Sequential:
    """An untrained network: bitmaps (count, 1, 8, 8) to logits (count, 10)."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 48, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(dropout), nn.Linear(48 * 16, 96), nn.ReLU(), nn.Linear(96, 10),
    )  # fmt: skip


def read(weights: Mapping[str, NDArray[Any]], bitmaps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities of all digits, float32 (count, 10).

    Args:
        weights: Of a trained network.
        bitmaps: (count, 8, 8).
    """
    network = make_network()
    network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    return torch.softmax(torch.from_numpy(_logits(network, bitmaps)), dim=1).numpy()


def networks_of(weights: Mapping[str, NDArray[Any]]) -> list[dict[str, NDArray[Any]]]:
    """The one network of a run; or those of all folds, one behind the other in each array; a single one is none."""
    biases = weights["0.bias"]
    if biases.ndim == 1:
        return [dict(weights)]
    return [{name: array[fold] for name, array in weights.items()} for fold in range(len(biases))]


def _logits(network: nn.Module, bitmaps: NDArray[np.float32]) -> NDArray[np.float32]:
    network.eval()
    with one_thread(), torch.no_grad():
        logits: NDArray[np.float32] = network(torch.from_numpy(bitmaps)[:, None]).numpy()
    return logits
