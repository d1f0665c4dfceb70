"""The observations of many environments, in one array for each part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.client.observations import Observations
from blendgym.spaces import Arrays

Rows = slice | list[int] | NDArray[np.int64] | int
"""What NumPy takes: neighbours as a slice, which costs it least."""


class Batch:
    """The latest observation of each environment.

    Args:
        observations: Puts them together.
        count: How many environments.
    """

    def __init__(self, observations: Observations, count: int) -> None:
        self._compose, self._context = observations.compose, observations.context
        self._arrays = observations.blank(count)
        self._received = [name for name in self._arrays if not (self._context and name == self._context.name)]

    def place(self, rows: Rows, arrays: Arrays) -> None:
        """Takes observations of some environments: (rows, …) by name, or those of one."""
        for name in self._received:
            self._arrays[name][rows] = arrays[name]

    def receive(self, first: int, slots: Sequence[int], arrays: Arrays, failed: Collection[int]) -> Rows:
        """Takes the observations that a server has sent; environments that failed keep what they had.

        Args:
            first: The environment in slot 0 of the server.
            slots: Whom the rows are for, in ascending order.
            arrays: (rows, …) by name.
            failed: Slots whose rows are void.

        Returns:
            The environments that the rows are for.
        """
        rows = [first + slot for slot in slots]
        if failed:
            for row, slot in enumerate(slots):
                if slot not in failed:
                    self.place(first + slot, {name: each[row] for name, each in arrays.items()})
            return rows
        at = slice(rows[0], rows[-1] + 1) if rows[-1] - rows[0] == len(rows) - 1 else rows
        self.place(at, arrays)
        return at

    def place_context(self, row: int, unit: NDArray[np.float32]) -> None:
        """Takes the place of an environment's parameters in their unit cube, if observations show it."""
        if self._context:
            self._arrays[self._context.name][row] = unit

    def observations(self) -> Any:
        """A copy of the batch: whoever gets it may write to it."""
        return self._compose({name: array.copy() for name, array in self._arrays.items()})

    def row(self, row: int) -> Any:
        """A copy of one observation."""
        return self._compose({name: array[row].copy() for name, array in self._arrays.items()})
