"""Mixtures of normal distributions, cut off at the faces of the unit cube."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

Array = NDArray[np.float64]


class NormalMixture(NamedTuple):
    """Normal distributions with weights. What lies outside of the cube is drawn again, from the same component.

    Args:
        weights: (components,), whose sum is 1.
        means: (components, dimensions), in the cube.
        covariances: (components, dimensions, dimensions).
    """

    weights: Array
    means: Array
    covariances: Array

    def sample(self, generator: np.random.Generator, count: int) -> Array:
        """Places (count, dimensions) of the cube."""
        unit = np.full((count, self.means.shape[1]), np.nan)
        component = generator.choice(len(self.weights), count, p=self.weights)
        roots = np.linalg.cholesky(self.covariances)
        missing = np.arange(count)
        while len(missing):
            noise = generator.standard_normal((len(missing), unit.shape[1]))
            chosen = component[missing]
            unit[missing] = self.means[chosen] + np.einsum("nij,nj->ni", roots[chosen], noise)
            missing = missing[np.any((unit[missing] < 0.0) | (unit[missing] > 1.0), axis=1)]
        return unit

    def density(self, unit: Array) -> Array:
        """The density at places (count, dimensions) of the cube: (count,)."""
        total = np.zeros(len(unit))
        for weight, mean, covariance in zip(*self, strict=True):
            # A seed of its own keeps the integration from drawing on NumPy's global generator.
            normal = multivariate_normal(mean, covariance, seed=0)
            inside = normal.cdf(np.ones(len(mean)), lower_limit=np.zeros(len(mean)))
            total += weight * normal.pdf(unit) / inside
        return total
