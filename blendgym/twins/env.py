"""The Gymnasium environment of any twin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np

from blendgym.checks import NO_LIMIT
from blendgym.client.randomizer import draw_seed
from blendgym.errors import ResetNeeded
from blendgym.parameters.selection import Selection
from blendgym.parameters.sources import Source
from blendgym.parameters.space import ParameterSpace
from blendgym.spaces import named
from blendgym.twins.settings import TwinSettings

_THE_ONLY_ROW = np.zeros(1, np.int64)


class TwinEnv(gym.Env[Any, Any]):
    """One environment of a twin: that of a ``BlendEnv`` with the same task, without Blender and pictures.

    An episode depends on its seed, parameters and actions alone. Its initial state is not that of Blender's episode
    with the same seed, but from the same distribution.

    Args:
        task: The task, as ``module:Class``.
        twin: The twin of the task, as ``module:Class``.
        render_mode: ``None``: a twin has no pictures.
        randomize: Which parameters are drawn from their priors at every reset, as ``BlendEnv`` takes it.
        expose: Who is told the parameters of an episode, as ``BlendEnv`` takes it.
        out_of_range: What becomes of actions out of their bounds, as ``BlendEnv`` takes it.
        options: Keyword arguments of the task, such as ``action_type``.

    Raises:
        TaskNotFound: If there is no such task.
        UnknownArgument: If there is a render mode, or the task does not take an option.
        InvalidOption: If an argument has a wrong value.
        InvalidParameter: If parameters that are to be randomized are unknown or cannot be.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 (Gymnasium's declaration)

    def __init__(
        self, task: str, twin: str, render_mode: None = None, *, randomize: Selection = None, expose: str = "info",
        out_of_range: str = "raise", **options: Any,
    ) -> None:  # fmt: skip
        settings = self._settings = TwinSettings(task, twin, render_mode, randomize, expose, out_of_range, options)
        self.task, self.metadata, self.render_mode = settings.task, settings.metadata, settings.render_mode
        self.action_space, self.observation_space = settings.action_space, settings.observation_space
        self._twin = settings.make_twin(1, NO_LIMIT)
        self._randomizer = settings.make_randomizer()
        self._why_not_running = "before the first reset()"

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begins an episode.

        Args:
            seed: Seeds ``np_random``, from which the seeds of this and all further episodes are drawn.
            options: ``params`` and ``replay``, as those of ``BlendEnv``.

        Returns:
            The first observation, and an info as that of ``BlendEnv``.

        Raises:
            InvalidParameter: If a parameter is unknown or its value wrong; nothing has changed then.
            InvalidOption: If there are other options; likewise.
        """
        given = self._settings.read_options(options or {})
        super().reset(seed=seed)
        episode = self._randomizer.next_episode(draw_seed(self.np_random), self.np_random_seed, given)
        values = self._settings.values_of([episode])
        observations = self._twin.begin(_THE_ONLY_ROW, values, np.array([episode.seed], np.uint64))
        self._why_not_running = ""
        return self._composed(observations), self._settings.told(values, 0, self._randomizer)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Applies an action for one control period.

        Args:
            action: An element of ``action_space``; see ``BlendEnv.step``.

        Returns:
            Observation, reward, whether the task has ended the episode, ``False`` (time limits belong to the id), and
            an info as that of ``BlendEnv``.

        Raises:
            InvalidAction: If the action is not in the action space; nothing has moved then.
            ResetNeeded: Before the first ``reset()``, and after the end of an episode.
        """
        if self._why_not_running:
            raise ResetNeeded(f"step() was called {self._why_not_running}; call reset() first.")
        stepped = self._twin.step(self.task.action_space.validate(action, self._settings.clips_actions)[None])
        terminated = bool(stepped.terminated[0])
        if terminated:
            self._why_not_running = "after the end of an episode"
        info = {"is_success": bool(stepped.success[0]), **self._randomizer.step_info()}
        return self._composed(stepped.observations), float(stepped.rewards[0]), terminated, False, info

    def set_source(self, source: Source) -> None:
        """Takes the parameters of the episodes from now on from another source; see ``BlendEnv.set_source``."""
        self._randomizer.set_source(source)

    @property
    def randomized(self) -> ParameterSpace:
        """The parameters that are drawn for its episodes."""
        return self._randomizer.source.space

    @property
    def randomization(self) -> dict[str, Any]:
        """The record of the present episode; see ``Randomizer``."""
        return self._randomizer.record

    def _composed(self, observations: Any) -> Any:
        put = self._settings.observations
        return put.compose_row(named(observations), 0, self._randomizer.unit if put.context else None)
