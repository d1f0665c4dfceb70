"""The Gymnasium vector environment of any twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from blendgym.client.spaces import gymnasium_space
from blendgym.client.vector_options import Seeds, read_autoreset_mode, read_each, read_mask, read_seeds
from blendgym.errors import InvalidOption, ResetNeeded
from blendgym.protocol.messages import MAX_SEED
from blendgym.task import make_task
from blendgym.twins.episode_options import read_parameters, stacked
from blendgym.twins.making import NO_LIMIT, twin_class
from blendgym.twins.twin import Rows

StepResult = tuple[Any, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]


class TwinVectorEnv(VectorEnv[Any, Any, NDArray[Any]]):
    """Many environments of a twin. The episodes of each are those of a single one with the same seed, bit for bit.

    Whoever needs millions of steps a second talks to the twin itself: ``blendgym.twins.making.make_twin``.

    Args:
        task: The task, as ``module:Class``.
        twin: Its twin, likewise.
        num_envs: How many environments.
        autoreset_mode: Gymnasium's: when an environment whose episode is over begins the next one.
        max_episode_steps: After how many steps an episode is truncated; ``None`` for never.
        options: Keyword arguments of the task, such as ``action_type``.

    Raises:
        TaskNotFound: If there is no such task.
        InvalidOption: If an argument has a wrong value, or the task does not take an option.
    """

    def __init__(
        self, task: str, twin: str, num_envs: int = 1, *, max_episode_steps: int | None = None,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP, **options: Any,
    ) -> None:  # fmt: skip
        if num_envs < 1:
            raise InvalidOption(f"num_envs is {num_envs}; expected at least 1.")
        self.num_envs = num_envs
        self.autoreset_mode = read_autoreset_mode(autoreset_mode)
        self.task = make_task(task, options)
        self.metadata = {
            "render_modes": [], "render_fps": self.task.control_rate, "autoreset_mode": self.autoreset_mode,
        }  # fmt: skip
        self.single_action_space = gymnasium_space(self.task.action_space)
        self.single_observation_space = gymnasium_space(self.task.observation_space)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        limit = NO_LIMIT if max_episode_steps is None else max_episode_steps
        self._twin = twin_class(twin)(self.task, num_envs, limit, self.task.parameters)
        self._generators: list[np.random.Generator] = []
        self._generator_seeds: list[int] = []
        self._nominal = read_parameters(self.task.parameters, {})
        self._observations = np.zeros(self.observation_space.shape or (), self.single_observation_space.dtype)
        self._over = np.zeros(num_envs, np.bool_)
        self._is_running = False

    def reset(self, *, seed: Seeds = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begins episodes.

        Args:
            seed: Of the first environment, those of the others follow; or one for each; or ``None``, which continues.
            options: ``params`` as that of a single environment, for all, or as a list with one for each;
                ``reset_mask``, bool ``(num_envs,)``, for resetting only some.

        Returns:
            Observations of all environments, and infos of those that were reset.

        Raises:
            InvalidOption: If the mask, the seeds or the options do not fit; nothing has changed then.
            InvalidParameter: If a parameter is unknown or its value wrong; likewise.
        """
        given = options or {}
        rows, seeds = read_mask(given, self.num_envs), read_seeds(seed, self.num_envs)
        each = [read_parameters(self.task.parameters, own) for own in read_each(given, self.num_envs)]
        self._seed(seeds)
        observations = self._observations.copy()
        infos = self._begin(np.array(rows), [each[row] for row in rows], observations, {})
        self._observations, self._is_running = observations, True
        return observations, infos

    def step(self, actions: Any) -> StepResult:
        """Applies actions for one control period, and begins the episodes that are due.

        Args:
            actions: Elements of ``action_space``; dtypes are not converted, values are not clipped.

        Returns:
            Observations, rewards, terminations, truncations and infos, as Gymnasium's ``AutoresetMode`` has them.

        Raises:
            InvalidAction: If an action is not in the action space; nothing has moved then.
            ResetNeeded: Before the first ``reset()``, and for episodes that are over (``DISABLED``).
        """
        if not self._is_running:
            raise ResetNeeded("step() was called before the first reset(); call reset() first.")
        valid = self.task.action_space.validate_batch(actions, self.num_envs)
        due = self._over.nonzero()[0]
        if len(due) and self.autoreset_mode is AutoresetMode.DISABLED:
            raise ResetNeeded(
                f"step() was called after the end of the episodes of environments {due.tolist()}; with the autoreset "
                "mode DISABLED, reset them: reset(options={'reset_mask': terminations | truncations})."
            )
        observations, rewards, terminations, _ = self._twin.step(valid)
        truncations, infos = self._twin.elapsed >= self._twin.max_episode_steps, dict[str, Any]()
        if len(due):
            infos = self._begin_next(due, observations, infos)
            rewards[due], terminations[due], truncations[due] = 0.0, False, False
        self._over = terminations | truncations
        if self.autoreset_mode is AutoresetMode.SAME_STEP and self._over.any():
            over = self._over.nonzero()[0]
            for row in over.tolist():
                infos = self._add_info(infos, {"final_obs": observations[row].copy(), "final_info": {}}, row)
            infos = self._begin_next(over, observations, infos)
        self._observations = observations
        return observations, rewards, terminations, truncations, infos

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]  # As SyncVectorEnv
        """The generators from which the seeds of the episodes are drawn, one for each environment."""
        self._seed([None] * self.num_envs)
        return tuple(self._generators)

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """What they were seeded with."""
        self._seed([None] * self.num_envs)
        return tuple(self._generator_seeds)

    def _seed(self, seeds: Sequence[int | None]) -> None:
        """Seeds generators; those without a seed continue, or get one that nobody knows if they are new."""
        if not self._generators:
            fresh = [seeding.np_random(seed) for seed in seeds]
            self._generators, self._generator_seeds = [each for each, _ in fresh], [seed for _, seed in fresh]
            return
        for row, seed in enumerate(seeds):
            if seed is not None:
                self._generators[row], self._generator_seeds[row] = seeding.np_random(seed)

    def _begin_next(self, rows: Rows, observations: NDArray[Any], infos: dict[str, Any]) -> dict[str, Any]:
        return self._begin(rows, [self._nominal] * len(rows), observations, infos)

    def _begin(
        self, rows: Rows, parameters: Sequence[Mapping[str, float]], observations: NDArray[Any], infos: dict[str, Any]
    ) -> dict[str, Any]:
        """Begins an episode in each of some environments: writes the first observations into those of all."""
        seeds = [self._generators[row].integers(MAX_SEED, endpoint=True, dtype=np.uint64) for row in rows]
        observations[rows] = self._twin.begin(rows, stacked(parameters), np.array(seeds))
        self._over[rows] = False
        for row, own in zip(rows.tolist(), parameters, strict=True):
            infos = self._add_info(infos, {"params": own}, row)
        return infos
