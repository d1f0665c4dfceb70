"""What students that play have in common: where they play, and how they are evaluated."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.action_coding import ActionCoding, Outputs
from blendgym.agents.students.environments import Environments, Workplace
from blendgym.agents.students.history import History
from blendgym.agents.students.playing import Observer, Policy, draw_seeds, play_once
from blendgym.agents.students.student import Student
from blendgym.checks import check_positive
from blendgym.errors import StudentDiverged
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.episodes import Episodes, Tasks, check_unit, joined, plain_tasks

OutputsInTasks = Callable[[NDArray[np.float32], NDArray[np.int64]], Outputs]
"""From features (rows, size), and the numbers of the tasks in which they were seen (rows,), to (rows, outputs)."""


class PolicyStudent(Student):
    """Learns by playing, in the twin of an environment or in Blender.

    Args:
        workplace: Where it plays.
        seed: The seed of everything that is random about it.
        num_envs: How many environments it plays in at once where they are in Blender; in a twin, each task has one.
        history: How many observations its policy sees at once.

    Raises:
        InvalidOption: If a count is no positive integer.
    """

    def __init__(self, workplace: Workplace, seed: int, num_envs: int, history: int) -> None:
        check_positive(num_envs=num_envs, history=history)
        super().__init__(seed)
        self._workplace, self._num_envs, self._history_length = workplace, num_envs, history
        self._parameters = workplace.parameters
        one = workplace.environments(1)
        self._task, self._scale = one.task, one.observation_scale
        one.close()
        self._coding = ActionCoding(self._task.action_space)
        self._generator = keyed_generator(seed, "training")
        self._kept: Environments | None = None

    def evaluate(self, unit: NDArray[np.float64], seed: int) -> Episodes:
        """Plays in environments of its own, with the most probable actions."""
        check_unit(unit, (len(unit), len(self._parameters)))
        if not len(unit):
            return joined([], len(self._parameters))
        seeds, outputs = draw_seeds(keyed_generator(seed, "evaluation"), len(unit)), self._outputs_in(unit)

        def policy(features: NDArray[np.float32], tasks: NDArray[np.int64]) -> NDArray[Any]:
            return self._coding.decode(finite(outputs(features, tasks)))

        return self._play_once(plain_tasks(unit), seeds, policy)

    def close(self) -> None:
        """Ends the Blenders in which it has played."""
        self._end_kept()

    @abstractmethod
    def _outputs_in(self, unit: NDArray[np.float64]) -> OutputsInTasks:
        """What the policy puts out in tasks at these places: float64 (tasks, dimensions)."""

    def _play_once(
        self, tasks: Tasks, seeds: NDArray[np.uint64], policy: Policy, observer: Observer | None = None
    ) -> Episodes:
        """Plays one episode in each task."""
        environments = self._environments(len(tasks.unit))
        return play_once(environments, tasks, seeds, self._history(environments.num_envs), policy, observer)

    def _environments(self, count: int) -> Environments:
        """Environments in which that many tasks can be played. Blenders are kept for the next time."""
        if self._workplace.is_twin:
            return self._workplace.environments(count)
        size = min(count, self._num_envs)
        if self._kept is None or self._kept.num_envs != size:
            self._end_kept()
            self._kept = self._workplace.environments(size)
        return self._kept

    def _end_kept(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _history(self, count: int) -> History:
        return History(self._scale, self._task.action_space, count, self._history_length)


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
