"""A k-d tree over the unit cube, of which only the leaves are kept: boxes that fill it without overlap."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.teachers.forms import ArrayOf, Form


class Partition:
    """The cube, cut into boxes; at first it is one.

    Args:
        dimensions: Number of dimensions of the cube.

    Attributes:
        low: float64 (leaves, dimensions).
        high: float64 (leaves, dimensions).
    """

    def __init__(self, dimensions: int) -> None:
        self.low, self.high = np.zeros((1, dimensions)), np.ones((1, dimensions))

    def __len__(self) -> int:
        return len(self.low)

    @property
    def volumes(self) -> NDArray[np.float64]:
        """The share of the cube that each leaf is: float64 (leaves,)."""
        return np.asarray(np.prod(self.high - self.low, axis=1))

    def leaves_of(self, unit: NDArray[np.float64]) -> NDArray[np.int64]:
        """The number of the leaf that each place (count, dimensions) is in: int64 (count,)."""
        inside = np.ones((len(unit), len(self)), np.bool_)
        for column, low, high in zip(unit.T, self.low.T, self.high.T, strict=True):
            inside &= (column[:, None] >= low) & ((column[:, None] < high) | (high == 1.0))
        return np.asarray(inside.argmax(axis=1))

    def upper_halves_of(self, unit: NDArray[np.float64], leaves: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Along which dimensions places are in the upper half of their leaf: bool (count, dimensions)."""
        return unit >= (0.5 * (self.low + self.high))[leaves]

    def places(self, generator: np.random.Generator, leaves: NDArray[np.int64]) -> NDArray[np.float64]:
        """One place in each of these leaves, all alike: float64 (count, dimensions)."""
        low, high = self.low[leaves], self.high[leaves]
        return np.asarray(low + (high - low) * generator.random(low.shape))

    def split(self, leaf: int, dimension: int) -> None:
        """Halves a leaf: it keeps the lower half, and the upper becomes the last leaf."""
        self.low, self.high = np.vstack([self.low, self.low[leaf]]), np.vstack([self.high, self.high[leaf]])
        self.high[leaf, dimension] = self.low[-1, dimension] = 0.5 * (self.low[leaf] + self.high[leaf])[dimension]

    def state_dict(self) -> dict[str, Any]:
        """All that changes."""
        return {"low": self.low.copy(), "high": self.high.copy()}

    def state_form(self) -> Form:
        """What a state may be."""
        corners = ArrayOf(np.float64, ("leaves", self.low.shape[1]), 0.0, 1.0)
        return {"low": corners, "high": corners}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave.

        Raises:
            InvalidOption: If the boxes do not fill the cube, or overlap.
        """
        self.low, self.high = state["low"].copy(), state["high"].copy()
        if np.any(self.low >= self.high):
            raise InvalidOption("A region of this state has no volume.")
        meet = np.all((self.low[:, None] < self.high) & (self.low < self.high[:, None]), axis=2)
        if not np.isclose(self.volumes.sum(), 1.0) or not np.array_equal(meet, np.eye(len(self))):
            raise InvalidOption("The regions of this state do not fill the cube without overlap.")
