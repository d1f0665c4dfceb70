"""Independent normal distributions, cut off at the faces of the unit cube."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import truncnorm

Array = NDArray[np.float64]


class TruncatedNormals(NamedTuple):
    """One normal distribution for each dimension, cut off at 0 and 1, between which its mean lies.

    Args:
        mean: Means of the normal distributions before they are cut off, (dimensions,).
        deviation: Standard deviations before they are cut off, (dimensions,).
    """

    mean: Array
    deviation: Array

    def sample(self, generator: np.random.Generator, count: int) -> Array:
        """Places (count, dimensions) of the cube."""
        return self.quantile(generator.random((count, len(self.mean))))

    def quantile(self, share: Array | float) -> Array:
        """Where these shares lie below, along each dimension: (…, dimensions)."""
        below, above = self._shares()
        return np.asarray(np.clip(self.mean + self.deviation * ndtri(below + share * (above - below)), 0.0, 1.0))

    def density(self, unit: Array) -> Array:
        """The density at places (count, dimensions) of the cube: (count,)."""
        below, above = self._shares()
        bells = np.exp(-0.5 * ((unit - self.mean) / self.deviation) ** 2)
        return np.asarray(np.prod(bells / (np.sqrt(2.0 * np.pi) * self.deviation * (above - below)), axis=-1))

    def entropy(self) -> float:
        """Differential entropy in nats."""
        low, high = -self.mean / self.deviation, (1.0 - self.mean) / self.deviation
        return float(np.sum(truncnorm(low, high, self.mean, self.deviation).entropy()))

    def _shares(self) -> tuple[Array, Array]:
        """What share of each whole distribution is below 0, and what is below 1."""
        return ndtr(-self.mean / self.deviation), ndtr((1.0 - self.mean) / self.deviation)
