"""A teacher that was learned in the meta-environment, used like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_positive
from blendgym.errors import InvalidOption
from blendgym.meta.actions import action_option
from blendgym.meta.files import TeacherFile
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Episodes, Tasks
from blendgym.teachers.forms import Integer, Own
from blendgym.teachers.teacher import Teacher


class LearnedTeacher(Teacher):
    """Steers a teacher as a policy says, which looks at the last episodes after every so many steps.

    Its tasks are mixed with uniform ones as they were where it was learned, so it is not put under ``Mix``.

    Args:
        parameters: The parameters that are randomized.
        file: What ``blendgym dr train-teacher`` wrote.
        budget: Environment steps of the student's whole training; as many as in the meta-environment if not given.

    Attributes:
        steered: The teacher that the policy steers.

    Raises:
        InvalidOption: If there is no teacher in the file, an argument is of another kind, or the budget not positive.
    """

    def __init__(self, parameters: ParameterSpace, file: str | Path, budget: int | None = None) -> None:
        check_positive(budget=budget)
        if not isinstance(parameters, ParameterSpace):
            raise InvalidOption(f"A learned teacher chooses parameters; got {parameters!r:.80}, no ParameterSpace.")
        if not isinstance(file, str | Path):
            raise InvalidOption(f"A learned teacher is in a file; got {file!r:.80}.")
        super().__init__(len(parameters))
        self._policy, self._steps_per_action, actions = TeacherFile.load(Path(file))
        self._budget = actions * self._steps_per_action if budget is None else budget
        self.steered = action_option(self._policy.action).begin(parameters, uniform=False)
        self._source = self.steered.over_floor()
        self._steps = self._decided_at = 0
        self._decide()

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Tasks of the teacher that is steered, and uniform ones."""
        return self._source.sample(generator, count)

    def observe(self, episodes: Episodes) -> None:
        """Takes note of episodes, whatever they were played for."""
        self._source.observe(episodes)
        self._steps += episodes.steps

    def update(self) -> None:
        """Updates the teacher, and decides again if enough has been played since the last time."""
        self._source.update()
        if self._steps - self._decided_at >= self._steps_per_action:
            self._decided_at = self._steps
            self._decide()
        self.version = self.steered.version

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """That of the mixture."""
        return self._source.density(unit)

    def state_dict(self) -> dict[str, Any]:
        """What is steered, and steps."""
        counts = {"steps": self._steps, "decided_at": self._decided_at}
        return super().state_dict() | counts | {"source": self._source.state_dict()}

    def state_form(self) -> dict[str, Any]:
        """That of what is steered, and steps."""
        counts = {"steps": Integer(), "decided_at": Integer()}
        return super().state_form() | counts | {"source": Own(self._source.state_form())}

    def take_state(self, state: dict[str, Any]) -> None:
        """Takes over what ``state_dict`` gave."""
        super().take_state(state)
        if state["decided_at"] > state["steps"]:
            raise InvalidOption("In this state, more steps were taken before the last decision than at all.")
        self._steps, self._decided_at = state["steps"], state["decided_at"]
        self._source.load_state_dict(state["source"])

    def describe(self) -> dict[str, float]:
        """What the teacher that is steered says of itself."""
        return self._source.describe()

    def _decide(self) -> None:
        left = max(0.0, 1.0 - self._steps / self._budget)
        self.steered.steer(self._policy.act(self.steered.observation(left, self.dimensions)))
        self.version = self.steered.version
