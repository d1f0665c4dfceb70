"""Gymnasium wrappers, for tools that ask for more than Gymnasium does."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
from gymnasium.utils import RecordConstructorArgs


class SteadyInfos(gym.Wrapper[Any, Any, Any, Any], RecordConstructorArgs):
    """Infos with one structure over an episode: those of its steps have what that of its reset has.

    Recorders that put infos into arrays need it, such as Minari with ``record_infos=True``. Environments do not do so
    by themselves, for it costs time in every step.

    Args:
        env: Any environment.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        RecordConstructorArgs.__init__(self)
        gym.Wrapper.__init__(self, env)
        self._first: dict[str, Any] = {}

    def reset(self, **arguments: Any) -> tuple[Any, dict[str, Any]]:
        """Begins an episode."""
        observation, self._first = self.env.reset(**arguments)
        return observation, dict(self._first)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Applies an action."""
        *stepped, info = self.env.step(action)
        return (*stepped, {**self._first, **info})
