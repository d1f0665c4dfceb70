"""Importance sampling: what episodes sampled from one distribution say about another."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LARGEST_RATIO = 300.0
"""In its logarithm; a place that is so much more likely under another distribution did not come from this one."""


class Distribution(Protocol):
    """What importance sampling needs of a family of distributions over the unit cube."""

    def log_density(self, unit: Array) -> Array:
        """Logarithms of the density at places (count, dimensions): (count,)."""

    def log_density_gradient(self, unit: Array) -> Array:
        """Derivatives of ``log_density`` by the parameters of the distribution: (count, parameters)."""


class Evidence(NamedTuple):
    """Episodes of one distribution, as evidence about others nearby.

    The estimates hold only where the distribution has sampled, and their variance grows with the number of dimensions;
    ``effective_share`` tells how far they can be trusted.

    Args:
        distribution: The distribution from which the places were sampled.
        unit: float64 (episodes, dimensions).
        outcomes: float64 (episodes,): what is to be estimated, such as 1 for a success and 0 for a failure.
    """

    distribution: Distribution
    unit: Array
    outcomes: Array

    def expectation(self, other: Distribution) -> float:
        """The expected outcome under another distribution, by plain importance sampling, which is unbiased."""
        return float(self._weights(other) @ self.outcomes / len(self.outcomes))

    def expectation_gradient(self, other: Distribution) -> Array:
        """Derivatives of ``expectation`` by the parameters of the other distribution: (parameters,)."""
        weighted = self._weights(other) * self.outcomes
        return np.asarray(weighted @ other.log_density_gradient(self.unit) / len(weighted))

    def normalized_expectation(self, other: Distribution) -> float:
        """The expected outcome by self-normalized importance sampling, which never leaves the range of outcomes."""
        weights = self._weights(other)
        return float(weights @ self.outcomes / weights.sum())

    def normalized_expectation_gradient(self, other: Distribution) -> Array:
        """Derivatives of ``normalized_expectation`` by the parameters of the other distribution: (parameters,)."""
        weights = self._weights(other)
        above = self.outcomes - weights @ self.outcomes / weights.sum()
        return np.asarray((weights * above) @ other.log_density_gradient(self.unit) / weights.sum())

    def effective_share(self, other: Distribution) -> float:
        """Effective sample size (Kish) for estimates about another distribution, as a share of all episodes."""
        weights = self._weights(other)
        return float(weights.sum() ** 2 / (weights @ weights) / len(weights))

    def _weights(self, other: Distribution) -> Array:
        ratio = other.log_density(self.unit) - self.distribution.log_density(self.unit)
        return np.asarray(np.exp(np.minimum(ratio, LARGEST_RATIO)))
