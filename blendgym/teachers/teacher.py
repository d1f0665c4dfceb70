"""The interface of all teachers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes, Tasks
from blendgym.teachers.checks import check_episodes


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
        """Takes note of episodes that have ended. Overrides call this one first, which checks them.

        Raises:
            InvalidEpisodes: If they have a wrong shape, or a value that is not finite; nothing has changed then.
        """
        check_episodes(episodes, self.dimensions)

    def update(self) -> None:
        """Adapts the distribution, if there is reason to; after it, ``version`` is higher if anything has changed."""

    @abstractmethod
    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density at places (count, dimensions) of the cube; that of the uniform distribution is 1 everywhere.

        It is that of tasks with a negative tag: those with a tag of the teacher's own may be at single places, such as
        a boundary or a level that is replayed, which have none.

        Raises:
            InvalidEpisodes: If the places have a wrong shape, or are not in the cube.
        """

    def state_dict(self) -> dict[str, Any]:
        """All that changes: numbers, strings, lists, dicts and NumPy arrays. Loaded, it continues identically."""
        return {"dimensions": self.dimensions, "version": self.version}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave. Overrides call this one first, which checks it.

        Raises:
            InvalidOption: If it is the state of a teacher of another number of dimensions; nothing has changed then.
        """
        if state["dimensions"] != self.dimensions:
            raise InvalidOption(
                f"A state of {state['dimensions']} dimensions is not for a teacher of {self.dimensions}."
            )
        self.version = state["version"]

    def describe(self) -> dict[str, float]:
        """Figures for logs, by name."""
        return {}
