"""Running mean and variance."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_DEVIATION = 1e-6


class Moments:
    """Mean and deviation of all features so far.

    Batches are merged as by Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
    Variances" (1979), equation 2.1.

    Args:
        size: The number of features in a row.
    """

    def __init__(self, size: int) -> None:
        self._count = 0
        self._mean, self._squares = np.zeros((2, size))
        self._prepare()

    def standardized(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Features (rows, size) less their mean, in units of their deviation; as they are if there were none yet."""
        return np.asarray((features - self._offset) * self._factor)

    def add(self, features: NDArray[np.float32]) -> None:
        """Counts features (rows, size), at least one row."""
        count, total = len(features), self._count + len(features)
        mean = features.mean(axis=0, dtype=np.float64)
        shift = mean - self._mean
        squares = features.var(axis=0, dtype=np.float64) * count
        self._squares += squares + shift**2 * self._count * count / total
        self._mean += shift * count / total
        self._count = total
        self._prepare()

    def state_dict(self) -> dict[str, Any]:
        """Their number, mean and sum of squared deviations."""
        return {"count": self._count, "mean": self._mean.copy(), "squares": self._squares.copy()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes them back."""
        self._count, self._mean, self._squares = state["count"], state["mean"].copy(), state["squares"].copy()
        self._prepare()

    def _prepare(self) -> None:
        deviation = np.sqrt(self._squares / max(self._count, 1))
        factor = 1.0 / np.where(deviation > LEAST_DEVIATION, deviation, 1.0)
        self._offset, self._factor = self._mean.astype(np.float32), factor.astype(np.float32)
