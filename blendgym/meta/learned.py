"""A teacher that was learned in the meta-environment, used like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.meta.actions import MovedBounds
from blendgym.meta.observations import Observer
from blendgym.meta.policies import SharedPolicy
from blendgym.randomization.episodes import Episodes
from blendgym.teachers.checks import check_episodes


class LearnedTeacher(MovedBounds):
    """Moves the bounds of a box as a policy says, which looks at the last episodes after every so many steps.

    Its place is under ``Mix(…, 0.2)``, as in the meta-environment; without the uniform floor it is half blind.

    ``make_teacher("blendgym.meta.learned:LearnedTeacher", nominal_unit, file="teacher.npz")``

    Args:
        nominal_unit: float64 (dimensions,), where the box begins.
        file: What ``blendgym dr train-teacher`` wrote.
        steps_per_action: Environment steps between decisions.
        actions: How many the training of a student is long; afterwards, the policy sees an empty budget.

    Raises:
        InvalidOption: If there is no policy in the file, or one of the numbers is below 1.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        file: str | Path,
        steps_per_action: int = 12_800,
        actions: int = 40,
    ) -> None:
        super().__init__(nominal_unit, nominal_unit)
        if min(steps_per_action, actions) < 1:
            raise InvalidOption(
                f"A teacher decides {actions} times, every {steps_per_action} steps; expected at least 1."
            )
        self._policy = SharedPolicy.load(Path(file))
        self._steps_per_action, self._budget = steps_per_action, steps_per_action * actions
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
