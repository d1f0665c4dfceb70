"""What students on twins have in common: how they are evaluated."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.action_coding import ActionCoding, Outputs
from blendgym.agents.students.history import History
from blendgym.agents.students.playing import draw_seeds, play_once
from blendgym.agents.students.student import Student
from blendgym.errors import StudentDiverged
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.episodes import Episodes, check_unit, joined, plain_tasks
from blendgym.twins.making import make_twin
from blendgym.twins.twin import Twin


class TwinStudent(Student):
    """Learns in the twin of an environment.

    Args:
        env_id: Of the environment in Blender.
        parameters: Those that are randomized.
        seed: Of everything that is random about it.
        history: Observations that its policy sees at once.
        task_options: Keyword arguments of the task.
    """

    def __init__(
        self, env_id: str, parameters: ParameterSpace, seed: int, history: int, task_options: dict[str, Any]
    ) -> None:
        super().__init__(seed)
        self._env_id, self._parameters, self._task_options = env_id, parameters, task_options
        self._history_length = history
        self._task = self._twin(1).task
        self._coding = ActionCoding(self._task.action_space)
        self._generator = keyed_generator(seed, "training")

    def evaluate(self, unit: NDArray[np.float64], seed: int) -> Episodes:
        """Plays in a twin of its own, with the most probable actions."""
        check_unit(unit, (len(unit), len(self._parameters)))
        if not len(unit):
            return joined([], len(self._parameters))
        seeds = draw_seeds(keyed_generator(seed, "evaluation"), len(unit))

        def policy(features: NDArray[np.float32]) -> NDArray[Any]:
            return self._coding.decode(finite(self._outputs(features, unit)))

        return play_once(self._twin(len(unit)), plain_tasks(unit), seeds, self._history(len(unit)), policy)

    @abstractmethod
    def _outputs(self, features: NDArray[np.float32], unit: NDArray[np.float64]) -> Outputs:
        """What the policy puts out for features (rows, size) in tasks (rows, dimensions): (rows, outputs)."""

    def _twin(self, count: int) -> Twin:
        return make_twin(self._env_id, count, self._parameters, **self._task_options)

    def _history(self, count: int) -> History:
        return History(self._task, count, self._history_length)


def finite(outputs: Outputs) -> Outputs:
    """The same.

    Raises:
        StudentDiverged: If a number is not finite.
    """
    if not np.isfinite(outputs).all():
        raise StudentDiverged(
            "The policy puts out numbers that are not finite; begin again with a lower learning rate."
        )
    return outputs
