"""A teacher that was learned in the meta-environment, used like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.meta.actions import MovedBounds
from blendgym.meta.files import TeacherFile
from blendgym.meta.observations import Observer
from blendgym.parameters.episodes import Episodes
from blendgym.teachers.checks import check_episodes


class LearnedTeacher(MovedBounds):
    """Moves the bounds of a box as a policy says, which looks at the last episodes after every so many steps.

    Its place is under ``Mix(…, 0.2)``, as in the meta-environment; without the uniform floor it is half blind.

    Args:
        nominal_unit: float64 (dimensions,), where the box begins.
        file: What ``blendgym dr train-teacher`` wrote.
        budget: Environment steps of the student's whole training; as many as in the meta-environment if not given.

    Raises:
        InvalidOption: If there is no teacher in the file, or the budget is below 1.
    """

    def __init__(self, nominal_unit: NDArray[np.float64], file: str | Path, budget: int | None = None) -> None:
        super().__init__(nominal_unit, nominal_unit)
        self._policy, self._steps_per_action, actions = TeacherFile.load(Path(file))
        self._budget = actions * self._steps_per_action if budget is None else budget
        if self._budget < 1:
            raise InvalidOption(f"The budget of a training is {budget} steps; expected at least 1.")
        self._observer = Observer(self.dimensions)
        self._steps = self._decided_at = 0
        self._decide()

    def observe(self, episodes: Episodes) -> None:
        """Takes note of episodes, whatever they were played for."""
        check_episodes(episodes, self.dimensions)
        self._observer.observe(episodes)
        self._steps += episodes.steps

    def update(self) -> None:
        """Decides again, if enough has been played since the last time."""
        if self._steps - self._decided_at >= self._steps_per_action:
            self._decided_at = self._steps
            self._decide()

    def state_dict(self) -> dict[str, Any]:
        """Bounds, episodes that it remembers, and steps."""
        counts = {"steps": self._steps, "decided_at": self._decided_at}
        return {**super().state_dict(), **counts, "observer": self._observer.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave."""
        super().load_state_dict(state)
        self._steps, self._decided_at = state["steps"], state["decided_at"]
        self._observer.load_state_dict(state["observer"])

    def _decide(self) -> None:
        left = max(0.0, 1.0 - self._steps / self._budget)
        self.steer(self._policy(self._observer.observation(self.low, self.high, left)))
