"""A small neural model of the pass rate, to compare the frontier's own with."""

from __future__ import annotations

import itertools

import numpy as np
import torch
from numpy.typing import NDArray

from blendgym.teachers.pass_rates.model import PassRateModel, fit_level, sigmoid

Numbers = NDArray[np.float64]

HIDDEN, MEMBERS = 32, 5
STEPS, RATE, DECAY = 60, 3e-3, 1.0
"""Of AdamW, in each fit; with less decay it learns single episodes by heart."""


class NeuralPassRateModel(PassRateModel):
    """The mean logit of five networks of two hidden layers, with the memories, and the level and slope, of the other.

    Args:
        dimensions: Number of dimensions of the cube.
        seed: Of the first weights.
    """

    def __init__(self, dimensions: int, seed: int = 0) -> None:
        super().__init__(dimensions)
        generator = torch.Generator().manual_seed(seed)
        sizes = [dimensions, HIDDEN, HIDDEN, 1]
        self._layers = []
        for inputs, outputs in itertools.pairwise(sizes):
            scale = inputs**-0.5 if outputs > 1 else 0.1 * inputs**-0.5
            weights = scale * torch.randn(MEMBERS, inputs, outputs, generator=generator)
            self._layers.append((weights.requires_grad_(), torch.zeros(MEMBERS, 1, outputs).requires_grad_()))
        parameters = [each for layer in self._layers for each in layer]
        self._optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)

    def fit(self) -> None:
        """Goes on with the weights from where they were, and then fits level and slope."""
        age = np.arange(len(self._unit))[::-1]
        weights = torch.as_tensor(np.exp(-age / self._shape_memory), dtype=torch.float32)
        outcomes = torch.as_tensor(self._outcomes, dtype=torch.float32).expand(MEMBERS, -1)
        for _ in range(STEPS):
            losses = torch.nn.functional.binary_cross_entropy_with_logits(
                self._logits(self._unit), outcomes, weights, reduction="none"
            )
            self._optimizer.zero_grad()
            (losses.sum(dim=1).mean() / weights.sum()).backward()  # type: ignore[no-untyped-call]
            self._optimizer.step()
        latest = slice(-int(4 * self._level_memory), None)
        logits = np.clip(self._mean_logit(self._unit[latest]), -8.0, 8.0)
        self.level, self.slope = fit_level(logits, self._outcomes[latest], np.exp(-age[latest] / self._level_memory))

    def rates(self, unit: Numbers) -> Numbers:
        """Pass rates at places (count, dimensions): float64 (count,)."""
        return sigmoid(self.level + self.slope * self._mean_logit(unit))

    def _mean_logit(self, unit: Numbers) -> Numbers:
        with torch.no_grad():
            return np.asarray(self._logits(unit).mean(dim=0), np.float64)

    def _logits(self, unit: Numbers) -> torch.Tensor:
        """(members, count)."""
        values = torch.as_tensor(2.0 * unit - 1.0, dtype=torch.float32).expand(MEMBERS, -1, -1)
        for number, (weights, biases) in enumerate(self._layers):
            values = values @ weights + biases
            if number < len(self._layers) - 1:
                values = torch.tanh(values)
        return values[..., 0]
