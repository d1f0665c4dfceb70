"""Where to cut: along which dimension the two halves of a region have pass rates that differ beyond chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.teachers.forms import ArrayOf, Form


class Contrasts:
    """Episodes and successes in the lower and the upper half of each leaf, along each dimension, since it was cut.

    Args:
        dimensions: Number of dimensions of the cube.

    Attributes:
        played: float64 (leaves, dimensions, halves).
        passed: float64 (leaves, dimensions, halves).
    """

    def __init__(self, dimensions: int) -> None:
        self.played = np.zeros((1, dimensions, 2))
        self.passed = np.zeros((1, dimensions, 2))

    def observe(self, leaves: NDArray[np.int64], upper: NDArray[np.bool_], successes: NDArray[np.bool_]) -> None:
        """Takes note of episodes: their leaves, the halves they were in, and how they ended."""
        at = leaves[:, None], np.arange(upper.shape[1]), upper.astype(np.int64)
        np.add.at(self.played, at, 1.0)
        np.add.at(self.passed, at, successes[:, None])

    def z_scores(self, enough: int) -> NDArray[np.float64]:
        """How many standard deviations the two pass rates are apart: float64 (leaves, dimensions).

        That of the test of two proportions; 0 where a half has fewer than ``enough`` episodes.
        """
        played = np.maximum(self.played, 1.0)
        together = self.passed.sum(axis=2) / played.sum(axis=2)
        variance = together * (1.0 - together) * (1.0 / played).sum(axis=2)
        difference = np.abs(np.diff(self.passed / played, axis=2))[..., 0]
        known = np.all(self.played >= enough, axis=2) & (variance > 0.0)
        return np.where(known, difference / np.sqrt(np.where(known, variance, 1.0)), 0.0)

    def split(self, leaf: int) -> None:
        """Starts anew in a leaf that was cut, and in a further one."""
        self.played[leaf] = self.passed[leaf] = 0.0
        self.played = np.concatenate([self.played, np.zeros_like(self.played[:1])])
        self.passed = np.concatenate([self.passed, np.zeros_like(self.passed[:1])])

    def state_form(self) -> Form:
        """What a state may be."""
        counts = ArrayOf(np.float64, ("leaves", *self.played.shape[1:]), 0.0)
        return {"played": counts, "passed": counts}

    def state_dict(self) -> dict[str, NDArray[np.float64]]:
        """All that changes."""
        return {"played": self.played.copy(), "passed": self.passed.copy()}

    def load_state_dict(self, state: dict[str, NDArray[np.float64]]) -> None:
        """Takes back what ``state_dict`` gave.

        Raises:
            InvalidOption: If more was passed than was played.
        """
        if np.any(state["passed"] > state["played"]):
            raise InvalidOption("In this state, more was passed than was played.")
        self.played, self.passed = state["played"].copy(), state["passed"].copy()
