"""Independent normal distributions, cut off at the faces of the unit cube."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import truncnorm

Array = NDArray[np.float64]


class TruncatedNormals(NamedTuple):
    """One normal distribution for each dimension, cut off at 0 and 1.

    Args:
        mean: Before it is cut off, (dimensions,).
        deviation: Standard deviations, likewise.
    """

    mean: Array
    deviation: Array

    def sample(self, generator: np.random.Generator, count: int) -> Array:
        """Places (count, dimensions) of the cube."""
        unit = self._distribution.ppf(generator.random((count, len(self.mean))))
        return np.asarray(np.clip(unit, 0.0, 1.0), np.float64)

    def density(self, unit: Array) -> Array:
        """The density at places (count, dimensions) of the cube: (count,)."""
        return np.asarray(np.prod(self._distribution.pdf(unit), axis=-1), np.float64)

    @property
    def _distribution(self) -> Any:
        low, high = -self.mean / self.deviation, (1.0 - self.mean) / self.deviation
        return truncnorm(low, high, self.mean, self.deviation)
