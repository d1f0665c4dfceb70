"""Mixtures of normal distributions, cut off at the faces of the unit cube."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from blendgym.teachers.forms import ArrayOf, Form

Array = NDArray[np.float64]

ROUNDS = 10_000
"""How often what lies outside of the cube is drawn again, before it is put onto its faces."""


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

    @staticmethod
    def state_form(dimensions: int) -> Form:
        """What a state may be; no two places of a cube are further apart than their variance is here."""
        return {
            "weights": ArrayOf(np.float64, ("components",), 0.0, 1.0),
            "means": ArrayOf(np.float64, ("components", dimensions), 0.0, 1.0),
            "covariances": ArrayOf(np.float64, ("components", dimensions, dimensions), -1.0, 1.0),
        }

    def sample(self, generator: np.random.Generator, count: int) -> Array:
        """Places (count, dimensions) of the cube."""
        unit = np.full((count, self.means.shape[1]), np.nan)
        component = generator.choice(len(self.weights), count, p=self.weights)
        roots = np.linalg.cholesky(self.covariances)
        missing = np.arange(count)
        for _ in range(ROUNDS):
            if not len(missing):
                return unit
            noise = generator.standard_normal((len(missing), unit.shape[1]))
            chosen = component[missing]
            unit[missing] = self.means[chosen] + np.einsum("nij,nj->ni", roots[chosen], noise)
            missing = missing[np.any((unit[missing] < 0.0) | (unit[missing] > 1.0), axis=1)]
        return np.clip(unit, 0.0, 1.0)

    def density(self, unit: Array) -> Array:
        """The density at places (count, dimensions) of the cube: (count,)."""
        total = np.zeros(len(unit))
        for weight, mean, covariance in zip(*self, strict=True):
            # A seed of its own keeps the integration from drawing on NumPy's global generator.
            normal = multivariate_normal(mean, covariance, seed=0)
            inside = normal.cdf(np.ones(len(mean)), lower_limit=np.zeros(len(mean)))
            total += weight * normal.pdf(unit) / inside
        return total
