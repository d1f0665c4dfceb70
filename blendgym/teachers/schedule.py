"""A fixed schedule: ranges that widen at a speed chosen beforehand, whatever the student does."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between, check_choice, check_positive
from blendgym.parameters.episodes import Episodes, Tasks, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.distributions.boxes import UnitBox, box_around
from blendgym.teachers.forms import Integer, Number
from blendgym.teachers.teacher import Teacher

Clock = Literal["steps", "episodes"]


class Schedule(Teacher):
    """Samples uniformly in a box that grows linearly from around the nominal place to the whole cube.

    It keeps time by the episodes that it observes: by their steps, which is the charged budget, or by their number.

    Args:
        nominal_unit: The place of the nominal values, float64 (dimensions,).
        duration: Until the box is the cube, in steps or episodes.
        clock: Which of them.
        initial_width: Of the box along each dimension.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        duration: int = 300_000,
        clock: Clock = "steps",
        initial_width: float = 0.04,
    ) -> None:
        nominal = checked_nominal(nominal_unit)
        super().__init__(len(nominal))
        check_positive(duration=duration)
        check_choice("clock", clock, get_args(Clock))
        check_between("The initial width", initial_width, 1e-6, 1.0)
        self.duration, self.clock = duration, clock
        self.initial = box_around(nominal, initial_width)
        self.elapsed = 0
        self.progress = 0.0

    @property
    def box(self) -> UnitBox:
        """What is sampled from."""
        return UnitBox(
            self.initial.low * (1.0 - self.progress), self.initial.high + self.progress * (1.0 - self.initial.high)
        )

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        return plain_tasks(self.box.places(generator, count), self.version)

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        self.elapsed += episodes.steps if self.clock == "steps" else len(episodes.lengths)

    def update(self) -> None:
        progress = min(1.0, self.elapsed / self.duration)
        self.version += progress > self.progress
        self.progress = progress

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.box.density(checked_places(unit, self.dimensions))

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {"elapsed": self.elapsed, "progress": self.progress}

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {"elapsed": Integer(), "progress": Number(0.0, 1.0)}

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.elapsed, self.progress = state["elapsed"], state["progress"]

    def describe(self) -> dict[str, float]:
        return self.box.describe() | {"progress": self.progress}
