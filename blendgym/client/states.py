"""Moments of episodes, to come back to.

Blender's Python tells where bodies are, rounded, but neither their velocities nor what the solver remembers of
contacts. So a moment cannot be copied exactly. But an episode depends on nothing but its seed, parameters and actions:
playing these again leads to the same moment, bit for bit, in any process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.client.settings import Settings
from blendgym.errors import InvalidOption
from blendgym.images.appearance import Appearance


@dataclass(frozen=True, eq=False)
class State:
    """A moment of an episode: all that has led to it. It can be pickled, and grows by one action with each step.

    Args:
        task: The task, as ``module:Class``.
        options: Keyword arguments of the task.
        scene_hash: Of the scene; see ``Welcome``.
        record: Of the episode: its seed, parameters and intervals; see ``Randomizer``.
        appearance: What the scene looks like in the episode; ``None`` for how it was built.
        actions: That have been taken, (steps, …).
    """

    task: str
    options: dict[str, Any]
    scene_hash: str
    record: dict[str, Any]
    appearance: Appearance | None
    actions: NDArray[Any]

    @property
    def steps(self) -> int:
        """How many steps the episode is old."""
        return len(self.actions)


class TakenActions:
    """The actions of the present episode of one environment.

    Args:
        settings: Of the environment.
    """

    def __init__(self, settings: Settings) -> None:
        form = settings.task.action_space.lowest
        self._dtype, self._shape, self._bytes = form.dtype, form.shape, bytearray()

    def begin(self, actions: NDArray[Any] | None = None) -> None:
        """Takes note that an episode has begun, perhaps with some actions."""
        self._bytes = bytearray() if actions is None else bytearray(actions.tobytes())

    def add(self, action: NDArray[Any]) -> None:
        """Takes note of an action."""
        self._bytes += action.tobytes()

    def array(self) -> NDArray[Any]:
        """All of them: (steps, …)."""
        return np.frombuffer(bytes(self._bytes), self._dtype).reshape(-1, *self._shape)


def check_state(state: Any, settings: Settings, scene_hash: str) -> None:
    """Makes sure that a state can be restored in an environment.

    Args:
        state: The state.
        settings: Of the environment.
        scene_hash: Of its scene.

    Raises:
        InvalidOption: If it is none, or one of another task or scene.
    """
    if not isinstance(state, State):
        raise InvalidOption(f"restore() takes what state() has given, got {state!r:.80}.")
    theirs = {"task": state.task, "options of the task": state.options, "scene": state.scene_hash}
    ours = {"task": settings.task_name, "options of the task": settings.options, "scene": scene_hash}
    for what, other in theirs.items():
        if other != ours[what]:
            raise InvalidOption(f"The state is one of another {what}: {other!r}; here it is {ours[what]!r}.")
