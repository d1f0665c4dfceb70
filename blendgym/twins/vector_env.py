"""The Gymnasium vector environment of any twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode

from blendgym.checks import check_positive, read_time_limit
from blendgym.errors import ResetNeeded
from blendgym.parameters.selection import Selection
from blendgym.spaces import named
from blendgym.twins.settings import TwinSettings
from blendgym.vector.autoreset import check_over
from blendgym.vector.base import BaseVectorEnv, Infos, StepResult
from blendgym.vector.member import Member


class TwinVectorEnv(BaseVectorEnv):
    """Many environments of a twin. The episodes of each are those of a single one with the same seed, bit for bit.

    Whoever needs millions of steps a second talks to the twin itself: ``blendgym.twins.making.make_twin``.

    Args:
        task: The task, as ``module:Class``.
        twin: The twin of the task, as ``module:Class``.
        num_envs: How many environments.
        render_mode: ``None``: a twin has no pictures.
        autoreset_mode: Gymnasium's: when an environment whose episode is over begins the next one.
        max_episode_steps: After how many steps an episode is truncated; ``None`` or -1, as in ``gym.make``, for never.
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

    def __init__(
        self, task: str, twin: str, num_envs: int = 1, *, render_mode: None = None,
        max_episode_steps: int | None = None, autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        randomize: Selection = None, expose: str = "info", out_of_range: str = "raise", **options: Any,
    ) -> None:  # fmt: skip
        check_positive(num_envs=num_envs)
        settings = self._settings = TwinSettings(task, twin, render_mode, randomize, expose, out_of_range, options)
        super().__init__(settings, [Member(settings) for _ in range(num_envs)], autoreset_mode)
        self._twin = settings.make_twin(num_envs, read_time_limit(max_episode_steps))
        self._over = np.zeros(num_envs, np.bool_)
        self._is_running = False

    def step(self, actions: Any) -> StepResult:
        """Applies actions for one control period, and begins the episodes that are due.

        Args:
            actions: Elements of ``action_space``; see ``BlendEnv.step``.

        Returns:
            Observations, rewards, terminations, truncations and infos, as Gymnasium's ``AutoresetMode`` has them.

        Raises:
            InvalidAction: If an action is not in the action space; nothing has moved then.
            ResetNeeded: Before the first ``reset()``, and for episodes that are over (``DISABLED``).
        """
        if not self._is_running:
            raise ResetNeeded("step() was called before the first reset(); call reset() first.")
        valid = self.task.action_space.validate_batch(actions, self.num_envs, self._settings.clips_actions)
        due = self._over.nonzero()[0].tolist()
        check_over(due, self.autoreset_mode)
        observations, rewards, terminations, _, successes = self._twin.step(valid)
        self._batch.place(slice(None), named(observations))
        truncations, infos = self._twin.elapsed >= self._twin.max_episode_steps, Infos()
        if due:
            infos = self._begin_next(due, infos)
            rewards[due], terminations[due], truncations[due], successes[due] = 0.0, False, False, False
        infos = self._all_judged(successes, infos)
        self._over = terminations | truncations
        if self.autoreset_mode is AutoresetMode.SAME_STEP and self._over.any():
            infos = self._end(self._over.nonzero()[0].tolist(), infos)
        return self._batch.observations(), rewards, terminations, truncations, {**infos, **self._records.copied()}

    def step_async(self, actions: Any) -> None:
        """Keeps actions for ``step_wait``."""
        self._waiting = actions

    def step_wait(self) -> StepResult:
        """Applies them; see ``step``."""
        return self.step(self._waiting)

    def _restart(self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None]) -> Infos:
        self._is_running = True
        return super()._restart(rows, options, seeds)

    def _begin(
        self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None], infos: Infos
    ) -> Infos:
        episodes = [self.members[row].next_episode(seeds[row], options[row]) for row in rows]
        values, numbers = self._settings.values_of(episodes), np.array(rows)
        first = self._twin.begin(numbers, values, np.array([each.seed for each in episodes], np.uint64))
        self._batch.place(numbers, named(first))
        self._over[numbers] = False
        for number, row in enumerate(rows):
            randomizer = self.members[row].randomizer
            self._batch.place_context(row, randomizer.unit)
            infos = self._add_info(infos, self._settings.told(values, number, randomizer), row)
        self._records.take_down(rows, self._add_info)
        return infos
