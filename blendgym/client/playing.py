"""How a person plays: which keys take which actions."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.spaces import Box
from blendgym.task import Task


def keys_to_action(task: Task) -> dict[tuple[str, ...], Any]:
    """The actions of the keys that are pressed together, as ``gymnasium.utils.play`` takes them.

    Raises:
        InvalidOption: If the task has no keys.
    """
    keys = [key for key in task.keyboard if key]
    if not keys:
        raise InvalidOption(
            f"{type(task).__name__} declares no keyboard to be played with. Give it one (blendgym.task.Task), or give "
            "play() keys_to_action=."
        )
    together = len(keys) if isinstance(task.action_space, Box) else 1
    chosen = [pressed for count in range(1, together + 1) for pressed in combinations(keys, count)]
    return {pressed: _action(task, pressed) for pressed in chosen}


def action_without_keys(task: Task) -> Any:
    """What is done while no key is pressed: the action of the key ``""``, or zeros."""
    return _action(task, ("",) if "" in task.keyboard else ())


def _action(task: Task, pressed: tuple[str, ...]) -> NDArray[Any]:
    space = task.action_space
    parts = [np.broadcast_to(np.asarray(task.keyboard[key]), space.lowest.shape) for key in pressed]
    total = np.sum(parts, axis=0) if parts else np.zeros(space.lowest.shape)
    action: NDArray[Any] = np.clip(total, space.lowest, space.highest).astype(space.lowest.dtype)
    return action if action.shape else action[()]


def whole(rate: float) -> float:
    """The same, as an integer if it is one: ``gymnasium.utils.play`` takes no other."""
    return int(rate) if rate == int(rate) else rate
