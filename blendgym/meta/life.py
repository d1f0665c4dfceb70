"""One student's life: the state of a meta-episode."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.student import Student
from blendgym.errors import InvalidOption
from blendgym.meta.history import History
from blendgym.meta.probe import Probe
from blendgym.meta.steered import SteeredTeacher
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator

StudentMaker = Callable[[ParameterSpace, int], Student]


class Life:
    """A student, the teacher that actions steer, what is seen of both, and what they are judged by.

    Args:
        key: The key of all randomness.
        parameters: The parameters that are randomized.
        make_student: Makes a student from parameters and a seed.
        teacher: The teacher that actions steer, of as many dimensions as there are parameters.
        budget: Environment steps that the student may train for.

    Attributes:
        score: The score of the probe, after the last training.
        history: What is drawn of the life so far.
        student: The student.

    Raises:
        InvalidOption: If something else than a student is made.
    """

    def __init__(
        self, key: int, parameters: ParameterSpace, make_student: StudentMaker, teacher: SteeredTeacher, budget: int
    ) -> None:
        self.key, self.teacher = key, teacher
        self.student = make_student(parameters, int(keyed_generator(key, "student").integers(2**31)))
        if not isinstance(self.student, Student):
            raise InvalidOption(f"What makes students has made {self.student!r:.80}; expected a Student.")
        self._source = teacher.over_floor()
        self._probe = Probe(len(parameters), key)
        self._budget = budget
        self.history = History(tuple(parameters))
        self.score = self._probe.score(self.student)

    @property
    def budget_left(self) -> float:
        """Share of the steps still to come."""
        return max(0.0, 1.0 - self.student.charged_steps / self._budget)

    def train(self, action: NDArray[Any], steps: int) -> float:
        """Applies an action, trains for that many steps at least, and returns by how much the score has risen.

        Raises:
            BlendgymError: If the student cannot go on.
        """
        self.teacher.steer(action)
        episodes = self.student.train(self._source, steps)
        score = self._probe.score(self.student)
        self._source.observe(episodes)
        self._source.update()
        gain, self.score = score - self.score, score
        self.history.note(*self.teacher.bounds, episodes, self.student.charged_steps, score)
        return gain

    def observation(self, slots: int) -> NDArray[np.float32]:
        """What a policy sees, with room for that many parameters."""
        return self.teacher.observation(self.budget_left, slots)

    def state_dict(self) -> dict[str, Any]:
        """All that changes."""
        state = {
            "student": self.student.state_dict(),
            "source": self._source.state_dict(),
            "history": self.history.state_dict(),
            "score": self.score,
        }
        return copy.deepcopy(state)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave, into a life of the same key."""
        state = copy.deepcopy(state)
        self.student.load_state_dict(state["student"])
        self._source.load_state_dict(state["source"])
        self.history.load_state_dict(state["history"])
        self.score = float(state["score"])
