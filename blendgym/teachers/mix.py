"""The uniform floor under every teacher."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between
from blendgym.parameters.episodes import UNIFORM, Episodes, Tasks, plain_tasks
from blendgym.teachers.checks import check_draw
from blendgym.teachers.forms import Own
from blendgym.teachers.tally import Tally
from blendgym.teachers.teacher import Teacher, check_teacher

UNIFORM_SHARE = 0.2
"""Of all tasks, under any teacher that does not say otherwise."""


class Mix(Teacher):
    """Takes a share of all tasks from the whole cube, the others from a teacher, which learns from both.

    So no place is ever given up, and there are always episodes, tagged ``UNIFORM``, that say without bias how good the
    student is. In the density of the mixture, all tasks of the teacher count as if they followed the teacher's.

    Args:
        teacher: The teacher that proposes all other tasks.
        share: Mean share of the tasks that are drawn uniformly, from 0 to 1.
    """

    def __init__(self, teacher: Teacher, share: float = UNIFORM_SHARE) -> None:
        check_teacher(teacher)
        check_between("The share of uniform tasks", share, 0.0, 1.0)
        super().__init__(teacher.dimensions)
        self.teacher, self.share = teacher, share
        self.version = teacher.version
        self.tally = Tally(self.dimensions)

    @property
    def newest(self) -> int:
        return self.teacher.newest

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        uniform = generator.random(count) < self.share
        unit = generator.random((count, self.dimensions))
        tasks = plain_tasks(unit, self.teacher.version, UNIFORM)
        taught = self.teacher.sample(generator, int(np.sum(~uniform)))
        for column, of_teacher in ((tasks.unit, taught.unit), (tasks.tags, taught.tags), (tasks.trains, taught.trains)):
            column[~uniform] = of_teacher
        return tasks

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        self.teacher.observe(episodes)
        self.tally.observe(episodes)

    def update(self) -> None:
        self.teacher.update()
        self.version = self.teacher.version

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.share + (1.0 - self.share) * self.teacher.density(unit)

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {"teacher": self.teacher.state_dict(), "tally": self.tally.state_dict()}

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {"teacher": Own(self.teacher.state_form()), "tally": self.tally.state_form()}

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.teacher.load_state_dict(state["teacher"])
        self.tally.load_state_dict(state["tally"])

    def describe(self) -> dict[str, float]:
        return self.teacher.describe() | self.tally.describe()
