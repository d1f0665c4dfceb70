"""The actions of many environments, as they have been taken."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.spaces import Leaf

STEPS_BETWEEN_LOOKS = 1024


class TakenBatches:
    """The actions of the present episodes of many environments. A step costs one copy, however many there are.

    Args:
        space: Of the actions of one environment.
        count: How many environments.
    """

    def __init__(self, space: Leaf, count: int) -> None:
        form = space.lowest
        self._none: NDArray[Any] = np.empty((0, *form.shape), form.dtype)
        self._batches: list[NDArray[Any]] = []
        self._first, self._before = [0] * count, [self._none] * count
        self._steps = 0

    def begin(self, row: int, actions: NDArray[Any] | None = None) -> None:
        """Takes note that the episode of an environment has begun, perhaps with some actions."""
        self._first[row], self._before[row] = len(self._batches), self._none if actions is None else actions

    def add(self, batch: NDArray[Any]) -> None:
        """Takes note of a step: (environments, …)."""
        self._batches.append(batch.copy())
        self._steps += 1
        if self._steps % STEPS_BETWEEN_LOOKS == 0:
            self._forget(min(self._first))

    def array(self, row: int) -> NDArray[Any]:
        """The actions of an environment's episode: (steps, …)."""
        since = [batch[row] for batch in self._batches[self._first[row] :]]
        return np.concatenate([self._before[row], np.array(since, self._none.dtype)]) if since else self._before[row]

    def _forget(self, count: int) -> None:
        """Drops what belongs to no episode any more."""
        del self._batches[:count]
        self._first = [first - count for first in self._first]
