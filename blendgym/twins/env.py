"""The Gymnasium environment of any twin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np

from blendgym.client.spaces import gymnasium_space
from blendgym.errors import ResetNeeded
from blendgym.protocol.messages import MAX_SEED
from blendgym.task import make_task
from blendgym.twins.episode_options import read_parameters, stacked
from blendgym.twins.making import NO_LIMIT, twin_class

_THE_ONLY_ROW = np.zeros(1, np.int64)


class TwinEnv(gym.Env[Any, Any]):
    """One environment of a twin: that of a ``BlendEnv`` with the same task, without Blender and pictures.

    An episode depends on its seed, parameters and actions alone. Its initial state is not that of Blender's episode
    with the same seed, but from the same distribution.

    Args:
        task: The task, as ``module:Class``.
        twin: Its twin, likewise.
        render_mode: There is none.
        options: Keyword arguments of the task, such as ``action_type``.

    Raises:
        TaskNotFound: If there is no such task.
        InvalidOption: If the task does not take an option.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 (Gymnasium's declaration)

    def __init__(self, task: str, twin: str, render_mode: None = None, **options: Any) -> None:
        self.task, self.render_mode = make_task(task, options), render_mode
        self.metadata = {"render_modes": [], "render_fps": self.task.control_rate}
        self.action_space = gymnasium_space(self.task.action_space)
        self.observation_space = gymnasium_space(self.task.observation_space)
        self._twin = twin_class(twin)(self.task, 1, NO_LIMIT, self.task.parameters)
        self._why_not_running = "before the first reset()"

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begins an episode.

        Args:
            seed: Seeds ``np_random``, from which the seeds of this and all further episodes are drawn.
            options: ``{"params": {name: value}}`` sets randomization parameters for this episode; the others have
                their nominal values.

        Returns:
            The first observation, and ``{"params": {name: value}}`` with all that are in effect.

        Raises:
            InvalidParameter: If a parameter is unknown or its value wrong; nothing has changed then.
            InvalidOption: If there are other options; likewise.
        """
        parameters = read_parameters(self.task.parameters, options or {})
        super().reset(seed=seed)
        episode_seed = self.np_random.integers(MAX_SEED, endpoint=True, dtype=np.uint64)
        observations = self._twin.begin(_THE_ONLY_ROW, stacked([parameters]), np.array([episode_seed]))
        self._why_not_running = ""
        return observations[0], {"params": parameters}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Applies an action for one control period.

        Args:
            action: An element of ``action_space``; its dtype is not converted, its values are not clipped.

        Returns:
            Observation, reward, whether the task has ended the episode, ``False`` (time limits belong to the id), and
            an empty dict.

        Raises:
            InvalidAction: If the action is not in the action space; nothing has moved then.
            ResetNeeded: Before the first ``reset()``, and after the end of an episode.
        """
        if self._why_not_running:
            raise ResetNeeded(f"step() was called {self._why_not_running}; call reset() first.")
        observations, rewards, terminated, _ = self._twin.step(self.task.action_space.validate(action)[None])
        if terminated[0]:
            self._why_not_running = "after the end of an episode"
        return observations[0], float(rewards[0]), bool(terminated[0]), False, {}
