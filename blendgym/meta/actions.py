"""What an action of the meta-environment does: four options behind one interface."""

from __future__ import annotations

from typing import Any, Self

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import NDArray

from blendgym.checks import check_choice
from blendgym.errors import InvalidAction
from blendgym.meta.distribution import BoxDistribution, central_bounds
from blendgym.meta.steered import ParameterwiseTeacher, SteeredTeacher
from blendgym.meta.steered_acquisition import SteeredAcquisition
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import PLAIN, UNIFORM, Episodes, Tasks
from blendgym.teachers import make_teacher
from blendgym.teachers.forms import ArrayOf, Integer, Several

LARGEST_MOVE = 0.1
"""Of a bound in one step, as a share of the parameter's range."""

TEACHERS = ("uniform", "schedule", "adr", "learnability")
"""What the actions of ``ChosenTeacher`` choose from, in the order of their numbers."""


class SteeredBox(BoxDistribution, ParameterwiseTeacher):
    """A box distribution as a steered teacher; what is left to say is how an action moves it."""

    @classmethod
    def begin(cls, parameters: ParameterSpace, uniform: bool) -> Self:
        """Makes one that begins with the narrowest box about the nominal values, or else with the whole cube."""
        nominal = parameters.nominal_unit
        return cls(np.zeros_like(nominal), np.ones_like(nominal)) if uniform else cls(nominal, nominal)

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Those of the box."""
        return self.low, self.high


class MovedBounds(SteeredBox):
    """Actions move the bounds of every parameter: [low, high] of the first, then of the second, and so on.

    An action of 1 moves a bound up by ``LARGEST_MOVE``. Automatic domain randomization is a special case.
    """

    @staticmethod
    def action_space(dimensions: int) -> Box:
        """``Box(-1, 1, (2 dimensions,))``."""
        return Box(-1.0, 1.0, (2 * dimensions,), np.float32)

    def steer(self, action: NDArray[Any]) -> None:
        """Moves all bounds."""
        change = LARGEST_MOVE * np.asarray(action, np.float64)[: 2 * self.dimensions].reshape(-1, 2)
        self.move_to(self.low + change[:, 0], self.high + change[:, 1])


class NextPoint(SteeredBox):
    """Actions name the next task, from the low to the high bound of every parameter (Narvekar and Stone, 2019)."""

    @staticmethod
    def action_space(dimensions: int) -> Box:
        """``Box(-1, 1, (dimensions,))``."""
        return Box(-1.0, 1.0, (dimensions,), np.float32)

    def steer(self, action: NDArray[Any]) -> None:
        """Puts the narrowest box around the point."""
        place = 0.5 + 0.5 * np.asarray(action, np.float64)[: self.dimensions]
        self.move_to(place, place)


class ChosenTeacher(ParameterwiseTeacher):
    """Actions choose which of several teachers proposes the tasks until the next action.

    All of them observe all episodes. Tags and versions are a teacher's own business, so they are numbered apart here;
    episodes of its rivals reach a teacher as plain ones.

    Args:
        nominal: The place of the nominal values in the cube.
        start: Where the distribution is said to be before anything has been proposed.
    """

    def __init__(self, nominal: NDArray[np.float64], start: BoxDistribution) -> None:
        super().__init__(len(nominal))
        self._teachers = [make_teacher(name, nominal) for name in TEACHERS]
        self._chosen = 0
        self._low, self._high = start.low, start.high

    @classmethod
    def begin(cls, parameters: ParameterSpace, uniform: bool) -> Self:
        """Makes one; its teachers begin where each of them does."""
        return cls(parameters.nominal_unit, MovedBounds.begin(parameters, uniform))

    @staticmethod
    def action_space(dimensions: int) -> Discrete:  # noqa: ARG004
        """One number for each teacher."""
        return Discrete(len(TEACHERS))

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Between which the teacher in charge has put nine tenths of its last tasks, parameter by parameter."""
        return self._low, self._high

    @property
    def newest(self) -> int:
        """The highest of all, whoever is in charge."""
        return (max(teacher.newest for teacher in self._teachers) + 1) * len(self._teachers) - 1

    def steer(self, action: NDArray[Any]) -> None:
        """Puts a teacher in charge."""
        self._chosen = int(action)
        self._number_version()

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Tasks of the teacher in charge."""
        tasks = self._teachers[self._chosen].sample(generator, count)
        tags = np.where(tasks.tags >= 0, self._mine(tasks.tags), tasks.tags)
        return tasks._replace(tags=tags, version=self.version)

    def observe(self, episodes: Episodes) -> None:
        """Hands every teacher all episodes, with tags and versions as it has given them."""
        super().observe(episodes)
        owners = np.where(episodes.tags == UNIFORM, -1, episodes.versions % len(self._teachers))
        for number, teacher in enumerate(self._teachers):
            own = owners == number
            tagged = np.where(own & (episodes.tags >= 0), episodes.tags // len(self._teachers), PLAIN)
            tags = np.where(episodes.tags < 0, episodes.tags, tagged)
            versions = np.where(own, episodes.versions // len(self._teachers), teacher.version)
            teacher.observe(episodes._replace(tags=tags, versions=versions))
        self._low, self._high = central_bounds(episodes.unit[owners == self._chosen], self.bounds)

    def update(self) -> None:
        """Updates all of them."""
        for teacher in self._teachers:
            teacher.update()
        self._number_version()

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """That of the teacher in charge."""
        return self._teachers[self._chosen].density(unit)

    def state_dict(self) -> dict[str, Any]:
        """The states of all, and who is in charge."""
        return {
            **super().state_dict(),
            "teachers": [teacher.state_dict() for teacher in self._teachers],
            "chosen": self._chosen,
            "bounds": np.array([self._low, self._high]),
        }

    def state_form(self) -> dict[str, Any]:
        """Those of all, and who is in charge."""
        return {
            **super().state_form(),
            "teachers": Several([teacher.state_form() for teacher in self._teachers]),
            "chosen": Integer(0, len(self._teachers) - 1),
            "bounds": ArrayOf(np.float64, (2, self.dimensions), 0.0, 1.0),
        }

    def take_state(self, state: dict[str, Any]) -> None:
        """Takes over what ``state_dict`` gave."""
        super().take_state(state)
        for teacher, its_state in zip(self._teachers, state["teachers"], strict=True):
            teacher.load_state_dict(its_state)
        self._chosen = state["chosen"]
        self._low, self._high = np.array(state["bounds"])

    def _mine(self, numbers: Any) -> Any:
        return numbers * len(self._teachers) + self._chosen

    def _number_version(self) -> None:
        self.version = self._mine(self._teachers[self._chosen].version)


ACTION_OPTIONS: dict[str, type[SteeredTeacher]] = {
    "bounds": MovedBounds,
    "teacher": ChosenTeacher,
    "point": NextPoint,
    "acquisition": SteeredAcquisition,
}
"""By the name that ``action=`` gives."""


def action_option(name: str) -> type[SteeredTeacher]:
    """The class behind a name.

    Raises:
        InvalidOption: If there is none.
    """
    check_choice("action", name, ACTION_OPTIONS)
    return ACTION_OPTIONS[name]


def checked_action(space: gym.Space[Any], action: Any) -> NDArray[Any]:
    """An action as an array, if it is an element of the space.

    Raises:
        InvalidAction: If it has a wrong shape or type, is out of bounds or not a number.
    """
    given = np.asarray(action)
    if given.dtype.kind in "iuf" and np.can_cast(given.dtype, space.dtype, "same_kind"):
        converted = given.astype(space.dtype)
        if space.contains(converted):
            return converted
    raise InvalidAction(f"An action of the meta-environment is an element of {space}, got {action!r:.120}.")
