"""The present episodes of many environments: how old they are, what was done in them, and which are over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from blendgym.client.states import State
from blendgym.spaces import Leaf
from blendgym.vector.taken import TakenBatches


class Episodes:
    """Keeps account of episodes. Before the first reset all are over.

    Args:
        action_space: Of one environment.
        count: How many environments.
        max_steps: After how many steps an episode is truncated.

    Attributes:
        taken: The actions of the episodes.
        elapsed: How many steps each is old, int64 (environments,).
        over: Which are over, bool (environments,).
    """

    def __init__(self, action_space: Leaf, count: int, max_steps: int) -> None:
        self.taken = TakenBatches(action_space, count)
        self.elapsed: NDArray[np.int64] = np.zeros(count, np.int64)
        self.over: NDArray[np.bool_] = np.ones(count, np.bool_)
        self._max_steps = max_steps

    def begin(self, row: int, state: State | None) -> None:
        """Takes note that the episode of an environment has begun, perhaps at a moment that was come back to."""
        self.taken.begin(row, state.actions if state else None)
        self.elapsed[row] = state.steps if state else 0
        self.over[row] = False

    def count_step(self, begun: Sequence[int]) -> NDArray[np.bool_]:
        """Counts a step of all episodes.

        Args:
            begun: Environments that have begun an episode in this step; it is 0 steps old.

        Returns:
            bool (environments,): whose time is up.
        """
        self.elapsed += 1
        if begun:
            self.elapsed[begun] = 0
        return self.elapsed >= self._max_steps
