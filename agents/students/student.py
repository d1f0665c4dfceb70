"""The interface of all students."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes
from blendgym.parameters.sources import Sampler
from blendgym.task import Task


class Student(ABC):
    """Learns one environment under randomization, in portions.

    Args:
        seed: The seed of everything that is random about it, its initial policy included.

    Attributes:
        seed: The seed that it was made with.
        charged_steps: Environment steps of all training so far, whether the student learnt from them or not.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.charged_steps = 0

    @abstractmethod
    def train(self, source: Sampler, steps: int) -> Episodes:
        """Trains for at least some environment steps.

        Args:
            source: Asked for a task whenever an episode begins. Episodes under way at the end go on in the next call,
                or are dropped; either way their steps are charged.
            steps: How many; the student stops at the end of the update in which they are reached.

        Returns:
            The episodes that have ended, for the teacher.
        """

    @abstractmethod
    def evaluate(self, unit: NDArray[np.float64], seed: int) -> Episodes:
        """Plays one episode in each of some tasks with the deterministic policy; neither learns nor is charged.

        Args:
            unit: The tasks: float64 (tasks, dimensions).
            seed: The seed of initial states and noise: the same seed, the same episodes.

        Returns:
            One episode for each task, in their order.
        """

    @abstractmethod
    def state_dict(self) -> dict[str, Any]:
        """All that changes, generators included: numbers, strings, lists, dicts and NumPy arrays."""

    @abstractmethod
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave; training continues identically."""

    def close(self) -> None:
        """Ends what it has started."""


def require_scores(task: type[Task]) -> None:
    """Makes sure that a task says what its returns are worth, by which students are judged.

    Raises:
        InvalidOption: If it has no ``return_range`` or no ``success_return``.
    """
    missing = [name for name in ("return_range", "success_return") if not hasattr(task, name)]
    if missing:
        raise InvalidOption(
            f"{task.__name__} does not declare {' and '.join(missing)}, by which students are judged; see "
            "blendgym.task.Task."
        )
