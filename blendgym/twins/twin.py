"""The interface of all twins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.randomization import ParameterSpace
from blendgym.task import Task

Rows = NDArray[np.int64]


class TwinStep(NamedTuple):
    """What a step led to, one row for each environment.

    Args:
        observations: float32 (environments, …).
        rewards: float64 (environments,).
        terminated: bool (environments,).
        truncated: bool (environments,): whether the time limit has been reached and the task has not ended.
    """

    observations: NDArray[Any]
    rewards: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]


class Twin(ABC):
    """Many environments of one task, without Blender. None resets itself; one that is over goes on until it is reset.

    Args:
        task: For its declarations.
        num_envs: How many.
        max_episode_steps: Time limit.
        parameters: Those that are randomized, out of the task's; the others are nominal.

    Attributes:
        task: The same.
        num_envs: The same.
        max_episode_steps: The same.
        parameters: The same.
    """

    def __init__(self, task: Task, num_envs: int, max_episode_steps: int, parameters: ParameterSpace) -> None:
        self.task, self.num_envs, self.parameters = task, num_envs, parameters
        self.max_episode_steps = max_episode_steps

    @abstractmethod
    def reset(self, rows: Rows, unit: NDArray[np.float64], generator: np.random.Generator) -> NDArray[Any]:
        """Begins episodes in some environments.

        Args:
            rows: Which.
            unit: Their places in the unit cube of ``parameters``: float64 (rows, dimensions).
            generator: Of their initial states, and of the noise of all episodes from now on.

        Returns:
            Their first observations.
        """

    @abstractmethod
    def step(self, actions: NDArray[Any]) -> TwinStep:
        """Applies actions (environments, …) for one control period."""
