"""What a task observes, held to what it has declared."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import TaskError
from blendgym.spaces import STATE, Arrays, Box, Dict, IntegerSpace, leaves
from blendgym.task import Task


class Observing:
    """Takes the observations of a task apart, into arrays by name.

    Args:
        task: The task.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._is_dict = isinstance(task.observation_space, Dict)
        self._spaces = leaves(task.observation_space)
        self._forms = [(name, each.lowest.dtype, each.lowest.shape) for name, each in self._spaces.items()]
        # Most tasks observe one array, which is looked at in every step.
        self._single = self._forms[0][1:] if isinstance(task.observation_space, Box) else None
        self._integers = [(name, each) for name, each in self._spaces.items() if isinstance(each, IntegerSpace)]

    def arrays(self, observation: Any) -> Arrays:
        """The arrays of an observation.

        Raises:
            TaskError: If they are not those that the task has declared, in names, dtypes and shapes, or an integer is
                out of bounds.
        """
        if self._single and type(observation) is np.ndarray:
            dtype, shape = self._single
            if observation.dtype == dtype and observation.shape == shape:
                return {STATE: observation}
        given = observation if self._is_dict else {STATE: observation}
        if not isinstance(given, dict) or given.keys() != self._spaces.keys():
            raise self._error(f"returned {_described(given)}", f"a dict of {', '.join(self._spaces)}")
        arrays = {}
        for name, dtype, shape in self._forms:
            array = arrays[name] = np.asarray(given[name])
            if array.dtype != dtype or array.shape != shape:
                raise self._error(f"returned {self._at(name)}{_form(array)}", f"{dtype} {shape}")
        for name, space in self._integers:
            if not space.holds(arrays[name]):
                raise self._error(f"returned {self._at(name)}an array that {space.violation(arrays[name])}", str(space))
        return arrays

    def _at(self, name: str) -> str:
        return f"at {name!r} " if self._is_dict else ""

    def _error(self, what: str, declared: str) -> TaskError:
        return TaskError(f"{type(self._task).__name__}.observe() {what}; its observation_space is {declared}.")


def _form(array: NDArray[Any]) -> str:
    return "None" if array.dtype == object and array.item(0) is None else f"{array.dtype} {array.shape}"


def _described(given: Any) -> str:
    return f"a dict of {', '.join(map(str, given))}" if isinstance(given, dict) else f"a {type(given).__name__}"
