"""What a policy sees: the last few observations and actions, from which it can tell hidden parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.action_coding import ActionCoding
from blendgym.spaces import Leaf

LARGEST = 10.0
"""Bound of every feature; a typical observation is 1."""


class History:
    """The last observations of some environments, each with the action before it; zeros before the episode began.

    Observations are divided by a scale that is declared and not estimated: features are the same numbers in training
    and evaluation, whatever the distribution of tasks.

    Args:
        scale: The typical size of each number of an observation, of an observation's shape.
        actions: The space of actions.
        count: How many environments there are.
        length: How many observations are seen at once, the latest first.

    Attributes:
        size: The number of features of one environment.
    """

    def __init__(self, scale: NDArray[np.float64], actions: Leaf, count: int, length: int) -> None:
        self._scale = scale.ravel().astype(np.float32)
        self._actions = ActionCoding(actions)
        width = self._scale.size + self._actions.size
        self._seen = np.zeros((count, length, width), np.float32)
        self.size = length * width

    @property
    def features(self) -> NDArray[np.float32]:
        """float32 (count, size): the caller's; nothing later writes to them."""
        return self._seen.reshape(len(self._seen), self.size)

    def begin(self, rows: NDArray[np.int64] | slice, observations: NDArray[Any]) -> None:
        """Forgets everything about some environments but their first observations."""
        self._seen = self._seen.copy()
        self._seen[rows] = 0.0
        self._seen[rows, 0, : self._scale.size] = self._scaled(observations)

    def push(self, actions: NDArray[Any], observations: NDArray[Any]) -> None:
        """Adds a step of all environments: actions, and what they led to."""
        seen = np.empty_like(self._seen)
        seen[:, 1:] = self._seen[:, :-1]
        seen[:, 0, : self._scale.size] = self._scaled(observations)
        seen[:, 0, self._scale.size :] = self._actions.encode(actions)
        self._seen = seen

    def state_dict(self) -> dict[str, Any]:
        """What is remembered."""
        return {"seen": self._seen.copy()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes it back."""
        self._seen = state["seen"].copy()

    def _scaled(self, observations: NDArray[Any]) -> NDArray[np.float32]:
        flat = observations.reshape(len(observations), -1)
        # Half the time of np.clip, which matters in every step.
        return np.asarray(np.minimum(np.maximum(flat / self._scale, -LARGEST), LARGEST))
