"""The interface of all twins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import check_unit
from blendgym.task import Task
from blendgym.twins.counted_draws import Seeds

Rows = NDArray[np.int64]
Values = Mapping[str, NDArray[np.float64] | float]


class TwinStep(NamedTuple):
    """What a step led to, one row for each environment. The arrays are the caller's; no later step writes to them.

    Args:
        observations: (environments, …), an array; or a dict of such arrays, if the task's space is one.
        rewards: float64 (environments,).
        terminated: bool (environments,).
        truncated: bool (environments,): whether the time limit has been reached and the task has not ended.
        success: bool (environments,): whether the episode would count as a success if it ended with this step.
    """

    observations: Any
    rewards: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    success: NDArray[np.bool_]


class Twin(ABC):
    """Many environments of one task, without Blender. None resets itself; one that is over goes on until it is reset.

    An episode depends on nothing but its seed, parameters and actions.

    Args:
        task: The task, for its declarations.
        num_envs: How many environments.
        max_episode_steps: After how many steps an episode is truncated.
        parameters: The parameters that are randomized, out of the task's; the others are nominal.

    Attributes:
        task: The task that it was made for.
        num_envs: The number of environments.
        max_episode_steps: After how many steps an episode is truncated.
        parameters: The parameters that are randomized.
        elapsed: int64 (environments,): steps of the episodes so far.
    """

    def __init__(self, task: Task, num_envs: int, max_episode_steps: int, parameters: ParameterSpace) -> None:
        self.task, self.num_envs, self.parameters = task, num_envs, parameters
        self.max_episode_steps = max_episode_steps
        self.elapsed = np.zeros(num_envs, np.int64)
        self._nominal = {name: parameter.nominal for name, parameter in task.parameters.items()}

    def reset(self, rows: Rows, unit: NDArray[np.float64], generator: np.random.Generator) -> Any:
        """Begins episodes in some environments.

        Args:
            rows: The numbers of these environments.
            unit: The places of their parameters in the unit cube of ``parameters``: float64 (rows, dimensions).
            generator: What their seeds are drawn from, one number for each.

        Returns:
            Their first observations.

        Raises:
            InvalidParameter: If the places are not in the cube.
        """
        check_unit(unit, (len(rows), len(self.parameters)))
        return self.begin(rows, self.values_at(unit), generator.integers(2**64, size=len(rows), dtype=np.uint64))

    def values_at(self, unit: NDArray[np.float64]) -> Values:
        """The values of all parameters of the task at places (rows, dimensions) of the unit cube of ``parameters``."""
        return {**self._nominal, **dict(zip(self.parameters, self.parameters.from_unit(unit).T, strict=True))}

    @abstractmethod
    def begin(self, rows: Rows, values: Values, seeds: Seeds) -> Any:
        """Begins episodes with certain parameters and seeds in some environments.

        Args:
            rows: The numbers of these environments.
            values: The values of all parameters of the task, by name: float64 (rows,), or one number for all rows.
            seeds: The seeds of initial states and noise: uint64 (rows,).

        Returns:
            Their first observations.
        """

    @abstractmethod
    def step(self, actions: NDArray[Any]) -> TwinStep:
        """Applies actions (environments, …) for one control period. Their values are not checked."""
