"""The interface of all teachers."""

from __future__ import annotations

import copy
import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes, Tasks
from blendgym.teachers.checks import check_episodes, checked_places
from blendgym.teachers.forms import Constant, Integer, check_form

NEWEST = 10**9
"""No version of a state is higher."""

TRIED = 4
"""Tasks that a state is tried with before it is kept."""


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

    @property
    def newest(self) -> int:
        """The highest version that tasks have had so far."""
        return self.version

    @abstractmethod
    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Tasks to be played next; all randomness is the generator's.

        Raises:
            InvalidOption: If that is no generator, or the count is negative or no integer.
        """

    def observe(self, episodes: Episodes) -> None:
        """Takes note of episodes that have ended. Overrides call this one first, which checks them.

        Raises:
            InvalidEpisodes: If they have a wrong shape, a value out of bounds, or a version that there has not been;
                nothing has changed then.
        """
        check_episodes(episodes, self.dimensions, self.newest)

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

    def state_form(self) -> dict[str, Any]:
        """What a state may be, part by part: see ``blendgym.teachers.forms``. Overrides add what they add to states."""
        return {"dimensions": Constant(self.dimensions), "version": Integer(0, NEWEST)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes back what ``state_dict`` gave, whole or not at all.

        Raises:
            InvalidOption: If it is no state of such a teacher; nothing has changed then.
        """
        check_form(self.state_form(), state)
        before = copy.deepcopy(self.state_dict())
        try:
            self.take_state(copy.deepcopy(dict(state)))
            self._try_out()
            self.take_state(copy.deepcopy(dict(state)))  # Trying may have moved it.
        except Exception as error:
            self.take_state(before)
            if isinstance(error, InvalidOption):
                raise
            raise InvalidOption(f"With this state no {type(self).__name__} works: {error!r:.200}.") from error

    def take_state(self, state: dict[str, Any]) -> None:
        """Takes over a state whose form has been checked. Overrides call this one, too.

        Raises:
            InvalidOption: If its parts do not fit together.
        """
        self.version = state["version"]

    def _try_out(self) -> None:
        """Whether tasks come from the present state, and numbers about it."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            unit = checked_places(self.sample(np.random.default_rng(0), TRIED).unit, self.dimensions)
            densities, figures = self.density(unit), np.array(list(self.describe().values()), np.float64)
        if not (np.isfinite(densities).all() and np.all(densities >= 0.0) and np.isfinite(figures).all()):
            raise InvalidOption("This state has densities or figures that are no numbers.")

    def describe(self) -> dict[str, float]:
        """Figures for logs, by name."""
        return {}


def check_teacher(given: Any) -> None:
    """Looks at an argument that is a teacher.

    Raises:
        InvalidOption: If it is something else.
    """
    if not isinstance(given, Teacher):
        raise InvalidOption(
            f"Expected a teacher, such as make_teacher('frontier', space.nominal_unit); got {given!r:.80}."
        )
