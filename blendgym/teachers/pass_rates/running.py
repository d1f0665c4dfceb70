"""Running pass rates: of regions of the cube, or of anything else that episodes can be sorted by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.teachers.forms import ArrayOf, Form


class PassRates:
    """Discounted numbers of episodes and successes in each of several places.

    An episode counts less with each later one in its place, so that rates follow a student that changes: with a
    discount of 0.9, the last ten say most. Episodes that are observed together count alike.

    Args:
        count: Number of places.
        discount: What is left of the weight of earlier episodes after each new one in their place; 1 forgets nothing.

    Attributes:
        played: float64 (count,).
        passed: float64 (count,).
    """

    def __init__(self, count: int, discount: float) -> None:
        self.discount = discount
        self.played, self.passed = np.zeros(count), np.zeros(count)

    @property
    def rates(self) -> NDArray[np.float64]:
        """Successes as shares of episodes: float64 (count,); 0 where there were none."""
        return np.asarray(self.passed / np.maximum(self.played, 1e-12))

    def observe(self, places: NDArray[np.int64], successes: NDArray[np.bool_]) -> None:
        """Takes note of episodes: where they were, and how they ended; both (episodes,)."""
        played = np.bincount(places, minlength=len(self.played))
        passed = np.bincount(places[successes], minlength=len(self.played))
        kept = np.power(self.discount, played)
        self.played = np.asarray(self.played * kept + played)
        self.passed = np.asarray(self.passed * kept + passed)

    def split(self, place: int, played: NDArray[np.float64], passed: NDArray[np.float64]) -> None:
        """Makes two of one place: the first keeps its number, the other comes last.

        Args:
            place: Number of the place that is split.
            played: Episodes in the two so far, float64 (2,); no more count than are remembered.
            passed: Those of them that were successes.
        """
        weight = np.minimum(1.0, self._remembered / np.maximum(played, 1.0))
        self.played = np.append(self.played, 0.0)
        self.passed = np.append(self.passed, 0.0)
        self.played[[place, -1]], self.passed[[place, -1]] = weight * played, weight * passed

    @property
    def _remembered(self) -> float:
        return np.inf if self.discount == 1.0 else 1.0 / (1.0 - self.discount)

    @staticmethod
    def state_form(places: int | str) -> Form:
        """What a state may be, for that many places or all of a name."""
        return {name: ArrayOf(np.float64, (places,), 0.0) for name in ("played", "passed")}

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
