"""The interface of all teachers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.randomization.episodes import Episodes, Tasks


class Teacher(ABC):
    """Proposes tasks to a student, and learns from how it did.

    Tasks are places in the unit cube of the randomized parameters. The order of calls is up to the student: ``sample``
    whenever episodes begin, ``observe`` when some have ended, and ``update`` after each of its own updates. Episodes
    that were sampled before an update may be observed after it; their ``versions`` tell.

    Args:
        dimensions: Of the cube.

    Attributes:
        dimensions: Of the cube.
        version: Counts changes of the distribution.
    """

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self.version = 0

    @abstractmethod
    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Tasks to be played next; all randomness is the generator's."""

    def observe(self, episodes: Episodes) -> None:
        """Takes note of episodes that have ended."""

    def update(self) -> None:
        """Adapts the distribution, if there is reason to; after it, ``version`` is higher if anything has changed."""

    @abstractmethod
    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density at places (count, dimensions) of the cube; that of the uniform distribution is 1 everywhere."""

    def state_dict(self) -> dict[str, Any]:
        """All that changes: numbers, strings, lists, dicts and NumPy arrays. Loaded, it continues identically."""
        return {"version": self.version}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave."""
        self.version = state["version"]

    def describe(self) -> dict[str, float]:
        """Figures for logs, by name."""
        return {}
