"""How the values of a parameter are spread between its bounds, when nothing better is known."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Bound = float | Values

quantile_of_normal = np.vectorize(NormalDist().inv_cdf, otypes=[np.float64])
"""Inverse distribution function of the standard normal distribution."""

cdf_of_normal = np.vectorize(NormalDist().cdf, otypes=[np.float64])
"""Distribution function of the standard normal distribution."""


class Uniform(msgspec.Struct, frozen=True, tag="uniform", tag_field="prior"):
    """All values alike."""

    def quantile(self, unit: Any, low: Bound, high: Bound) -> Values:
        """The values below which these shares of all values lie."""
        return np.asarray(low + np.asarray(unit) * (high - low))

    def cdf(self, values: Any, low: Bound, high: Bound) -> Values:
        """The share of all values below these."""
        return np.asarray((np.asarray(values) - low) / (high - low))

    def contradiction(self, low: float, high: float) -> str | None:  # noqa: ARG002 (any bounds will do)
        """What is wrong with it between these bounds, if anything."""
        return None


class LogUniform(msgspec.Struct, frozen=True, tag="log_uniform", tag_field="prior"):
    """All orders of magnitude alike; for positive scales, such as masses."""

    def quantile(self, unit: Any, low: Bound, high: Bound) -> Values:
        """The values below which these shares of all values lie."""
        return np.asarray(low * (high / low) ** np.asarray(unit, np.float64))

    def cdf(self, values: Any, low: Bound, high: Bound) -> Values:
        """The share of all values below these."""
        return np.asarray(np.log(np.asarray(values) / low) / np.log(high / low))

    def contradiction(self, low: float, high: float) -> str | None:  # noqa: ARG002 (the other one is higher)
        """What is wrong with it between these bounds, if anything."""
        return f"needs low > 0, got {low}" if low <= 0 else None


class Normal(msgspec.Struct, frozen=True, tag="normal", tag_field="prior"):
    """A normal distribution, cut off at the bounds.

    Args:
        mean: Before it is cut off.
        standard_deviation: Likewise.
    """

    mean: float
    standard_deviation: float

    def quantile(self, unit: Any, low: Bound, high: Bound) -> Values:
        """The values below which these shares of all values lie."""
        lowest, highest = self._share(low), self._share(high)
        share = np.clip(lowest + np.asarray(unit) * (highest - lowest), 1e-300, 1.0 - 1e-16)
        return np.asarray(np.clip(self.mean + self.standard_deviation * quantile_of_normal(share), low, high))

    def cdf(self, values: Any, low: Bound, high: Bound) -> Values:
        """The share of all values below these."""
        lowest, highest = self._share(low), self._share(high)
        return np.asarray((self._share(values) - lowest) / (highest - lowest))

    def contradiction(self, low: float, high: float) -> str | None:
        """What is wrong with it between these bounds, if anything."""
        if not self.standard_deviation > 0:
            return "needs a positive standard deviation"
        if not self._share(high) > self._share(low):
            return f"is so far from {low} to {high} that nothing of it is between them"
        return None

    def _share(self, values: Any) -> Values:
        return np.asarray(cdf_of_normal((np.asarray(values, np.float64) - self.mean) / self.standard_deviation))


Prior = Uniform | LogUniform | Normal
