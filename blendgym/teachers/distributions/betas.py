"""Products of Beta distributions over the unit cube, with what constrained optimization needs of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, betaln, polygamma, psi, xlog1py, xlogy

Array = NDArray[np.float64]

_SMALLEST = 1e-12


class Betas(NamedTuple):
    """Independent Beta distributions, one for each dimension; all is float64.

    In float32, the divergence between two of them that differ by little is lost to cancellation.

    Args:
        a: First shape parameters, (dimensions,). Where ``a`` and ``b`` are 1, the distribution is uniform.
        b: Second shape parameters, (dimensions,).
    """

    a: Array
    b: Array

    def sample(self, generator: np.random.Generator, count: int) -> Array:
        """Places (count, dimensions) of the cube."""
        return generator.beta(self.a, self.b, size=(count, len(self.a)))

    def log_density(self, unit: Array) -> Array:
        """Logarithms of the density at places (count, dimensions): (count,)."""
        unit = np.clip(unit, _SMALLEST, 1.0 - _SMALLEST)
        return np.asarray(
            (xlogy(self.a - 1, unit) + xlog1py(self.b - 1, -unit) - betaln(self.a, self.b)).sum(axis=-1), np.float64
        )

    def log_density_gradient(self, unit: Array) -> Array:
        """Derivatives of ``log_density`` by ``a``, then by ``b``: (count, 2 · dimensions)."""
        unit = np.clip(unit, _SMALLEST, 1.0 - _SMALLEST)
        expected = self._expected_logs()
        return np.concatenate([np.log(unit) - expected.a, np.log1p(-unit) - expected.b], axis=-1)

    def quantile(self, share: float) -> Array:
        """Where this share lies below, along each dimension: (dimensions,)."""
        return np.asarray(betaincinv(self.a, self.b, share))

    def entropy(self) -> float:
        """Differential entropy in nats: 0 for the uniform distribution, less for all others."""
        a, b = self
        return float((betaln(a, b) - (a - 1) * psi(a) - (b - 1) * psi(b) + (a + b - 2) * psi(a + b)).sum())

    def entropy_gradient(self) -> Array:
        """Derivatives of ``entropy`` by ``a``, then by ``b``: (2 · dimensions,)."""
        a, b = self
        shared = (a + b - 2) * polygamma(1, a + b)
        return np.concatenate([shared - (a - 1) * polygamma(1, a), shared - (b - 1) * polygamma(1, b)])

    def divergence(self, other: Betas) -> float:
        """Kullback-Leibler divergence KL(self ‖ other) in nats."""
        expected = self._expected_logs()
        return float(
            (
                betaln(other.a, other.b)
                - betaln(self.a, self.b)
                + (self.a - other.a) * expected.a
                + (self.b - other.b) * expected.b
            ).sum()
        )

    def divergence_gradient(self, other: Betas) -> Array:
        """Derivatives of ``divergence(other)`` by the other's ``a``, then by its ``b``: (2 · dimensions,)."""
        mine, others = self._expected_logs(), other._expected_logs()
        return np.concatenate([others.a - mine.a, others.b - mine.b])

    def _expected_logs(self) -> Betas:
        """Expectations of log x and log(1 - x)."""
        of_sum = psi(self.a + self.b)
        return Betas(psi(self.a) - of_sum, psi(self.b) - of_sum)
