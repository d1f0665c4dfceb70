"""Boxes in the unit cube, between whose bounds a teacher samples uniformly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bounds = NDArray[np.float64]


class UnitBox(NamedTuple):
    """A box in the cube. None of its widths is 0, so that it has a density.

    Args:
        low: float64 (dimensions,).
        high: float64 (dimensions,).
    """

    low: Bounds
    high: Bounds

    @property
    def widths(self) -> Bounds:
        """Extent along each dimension: float64 (dimensions,)."""
        return self.high - self.low

    @property
    def entropy(self) -> float:
        """Entropy of its uniform distribution, in nats per dimension (arXiv 1910.07113, section 5); 0 at most."""
        return float(np.mean(np.log(self.widths)))

    def places(self, generator: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Places in it, all alike: float64 (count, dimensions)."""
        drawn = self.low + self.widths * generator.random((count, len(self.low)))
        return np.minimum(drawn, self.high)  # which rounding may exceed

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density of its uniform distribution at places (count, dimensions)."""
        inside = np.all((unit >= self.low) & (unit <= self.high), axis=1)
        return np.asarray(inside / np.prod(self.widths))

    def describe(self) -> dict[str, float]:
        """Bounds, middle and width along each dimension, by its number, and the entropy."""
        figures = {"low": self.low, "high": self.high, "mean": (self.low + self.high) / 2, "width": self.widths}
        by_dimension = {
            f"{name}/{number}": float(value) for name, column in figures.items() for number, value in enumerate(column)
        }
        return by_dimension | {"entropy": self.entropy}


def box_around(nominal: Bounds, width: float) -> UnitBox:
    """A box of this width with the nominal place at its centre, moved as far as it takes to lie in the cube."""
    low = np.clip(nominal - width / 2, 0.0, 1.0 - width)
    return UnitBox(low, low + width)
