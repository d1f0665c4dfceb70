"""Actions as policies think of them, and as environments take them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidSpace
from blendgym.spaces import Box, Discrete, Leaf

Outputs = NDArray[np.floating[Any]]


class ActionCoding:
    """Translates between a policy's outputs and the actions of a space.

    Args:
        space: The space of one action. A box has finite bounds.

    Attributes:
        size: Numbers that a policy puts out: one for each element of an action, or for each choice.
        is_discrete: Whether actions are choices.
        shape: The shape of one action.
        dtype: The dtype of actions.

    Raises:
        InvalidSpace: If actions are several choices at once.
    """

    def __init__(self, space: Leaf) -> None:
        self.is_discrete = isinstance(space, Discrete)
        if isinstance(space, Box):
            self._middle = (space.highest + space.lowest).ravel() / 2.0
            self._reach = (space.highest - space.lowest).ravel() / 2.0
            self.size, self.shape, self.dtype = self._middle.size, space.shape, np.dtype(space.dtype)
        elif isinstance(space, Discrete):
            self.size, self.shape, self.dtype = space.n, (), np.dtype(np.int64)
        else:
            raise InvalidSpace(f"A student of blendgym acts in a Box or a Discrete, not in {space}; one of sb3 does.")

    def decode(self, outputs: Outputs) -> NDArray[Any]:
        """Actions (rows, …) that outputs (rows, size) stand for: the largest choice; or -1 to 1 from bound to bound."""
        if self.is_discrete:
            return np.asarray(outputs.argmax(axis=1))
        bounded = self._middle + self._reach * np.minimum(np.maximum(outputs, -1.0), 1.0)
        return np.asarray(bounded, self.dtype).reshape(-1, *self.shape)

    def encode(self, actions: NDArray[Any]) -> Outputs:
        """Actions (rows, …) as features (rows, size): choices one-hot, elements from -1 to 1."""
        if self.is_discrete:
            return np.asarray(actions[:, None] == np.arange(self.size), np.float32)
        return np.asarray((actions.reshape(-1, self.size) - self._middle) / self._reach)
