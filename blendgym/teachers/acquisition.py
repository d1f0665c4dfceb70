"""How a frontier is acquired: its target, its sharpness and its share of tasks, which may change from task to task."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes, Tasks
from blendgym.teachers.checks import check_draw
from blendgym.teachers.forms import Number, Own, Switch
from blendgym.teachers.frontier import Frontier
from blendgym.teachers.mix import Mix
from blendgym.teachers.teacher import Teacher


class Acquisition(NamedTuple):
    """What a frontier aims at.

    Args:
        target: The pass rate that is preferred.
        sharpness: How strongly.
        share: Share of tasks at the frontier; the others are uniform.
    """

    target: float
    sharpness: float
    share: float


RECIPE = Acquisition(0.2, 5.0, 0.8)
"""What a frontier is made with, and the middle of the action space."""

LOWEST = Acquisition(0.05, 2.0, 0.3)
"""What -1 of an action means, in each of its elements."""

HIGHEST = Acquisition(0.6, 20.0, 0.95)
"""What +1 of an action means."""


def acquisition_at(action: NDArray[np.float64]) -> Acquisition:
    """What an action stands for: 0 is the recipe, from there to each end linear; the sharpness in its logarithm.

    Args:
        action: float64 (3,), each from -1 to 1: target, sharpness, share.
    """
    low, middle, high = (np.array([each.target, np.log(each.sharpness), each.share]) for each in (
        LOWEST, RECIPE, HIGHEST,
    ))  # fmt: skip
    reach = np.where(action < 0.0, middle - low, high - middle)
    target, logarithm, share = (middle + action * reach).tolist()
    return Acquisition(target, float(np.exp(logarithm)), share)


def acquire(teacher: Mix, acquisition: Acquisition) -> None:
    """Has a frontier over a uniform floor aim at something else, from the next task on.

    Raises:
        InvalidOption: If the teacher is no frontier.
    """
    _frontier_of(teacher).aim_at(acquisition.target, acquisition.sharpness)
    teacher.share = 1.0 - acquisition.share


def acquisition_of(teacher: Mix) -> Acquisition:
    """What a frontier over a uniform floor aims at.

    Raises:
        InvalidOption: If the teacher is no frontier.
    """
    frontier = _frontier_of(teacher)
    return Acquisition(frontier.target, frontier.sharpness, 1.0 - teacher.share)


class RandomAcquisition(Teacher):
    """Draws target, sharpness and share of a frontier at random after each update: what a learned one has to beat.

    Args:
        teacher: A frontier over a uniform floor.

    Raises:
        InvalidOption: If it is something else.
    """

    def __init__(self, teacher: Mix) -> None:
        acquisition_of(teacher)  # Which only a frontier over a uniform floor has.
        super().__init__(teacher.dimensions)
        self._teacher = teacher
        self._is_due = True

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        if self._is_due:
            acquire(self._teacher, acquisition_at(generator.uniform(-1.0, 1.0, 3)))
            self._is_due = False
        return self._teacher.sample(generator, count)

    def observe(self, episodes: Episodes) -> None:
        self._teacher.observe(episodes)

    def update(self) -> None:
        self._teacher.update()
        self.version, self._is_due = self._teacher.version, True

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._teacher.density(unit)

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "teacher": self._teacher.state_dict(),
            "share": self._teacher.share,
            "is_due": self._is_due,
        }

    def state_form(self) -> dict[str, Any]:
        teacher = Own(self._teacher.state_form())
        return super().state_form() | {"teacher": teacher, "share": Number(0.0, 1.0), "is_due": Switch()}

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self._teacher.load_state_dict(state["teacher"])
        self._teacher.share, self._is_due = state["share"], state["is_due"]

    def describe(self) -> dict[str, float]:
        return self._teacher.describe() | acquisition_of(self._teacher)._asdict()


def _frontier_of(teacher: Mix) -> Frontier:
    frontier = teacher.teacher if isinstance(teacher, Mix) else teacher
    if not (isinstance(teacher, Mix) and isinstance(frontier, Frontier)):
        raise InvalidOption(f"An acquisition is that of a frontier over a floor; got {type(frontier).__name__}.")
    return frontier
