"""What a task says a step has led to, held to what an outcome is."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np

from blendgym.errors import TaskError
from blendgym.task import Outcome, Task


def checked(outcome: Any, task: Task) -> Outcome:
    """What a task has returned, in Python's own numbers.

    Args:
        outcome: What ``outcome()`` has returned.
        task: Whose.

    Raises:
        TaskError: If it is no ``Outcome``, its reward is no finite number, or another field is neither true nor false.
    """
    if not isinstance(outcome, Outcome):
        raise _no_outcome(task, f"{outcome!r:.80}; expected an Outcome")
    fields: tuple[Any, Any, Any] = outcome
    reward, terminated, success = fields
    if type(reward) is float and type(terminated) is bool and type(success) is bool and math.isfinite(reward):
        return outcome  # Most tasks use Python's numbers, and are looked at in every step.
    if not (isinstance(reward, Real) and math.isfinite(reward)):
        raise _no_outcome(task, f"a reward that is {reward!r:.80}; expected a finite number")
    for name, flag in (("terminated", terminated), ("success", success)):
        if not isinstance(flag, bool | np.bool_):
            raise _no_outcome(task, f"{name}={flag!r:.80}; expected True or False")
    return Outcome(float(reward), bool(terminated), bool(success))


def _no_outcome(task: Task, what: str) -> TaskError:
    return TaskError(f"{type(task).__name__}.outcome() gave {what}.")
