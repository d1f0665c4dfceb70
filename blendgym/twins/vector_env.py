"""The Gymnasium vector environment of any twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from blendgym.client.settings import check_positive
from blendgym.client.time_limit import read_time_limit
from blendgym.errors import ResetNeeded
from blendgym.parameters.selection import Selection
from blendgym.parameters.sources import Source
from blendgym.spaces import named
from blendgym.twins.settings import TwinSettings
from blendgym.twins.twin import Rows
from blendgym.vector.autoreset import check_over, read_autoreset_mode
from blendgym.vector.batch import Batch
from blendgym.vector.infos import info_of
from blendgym.vector.options import Seeds, read_each, read_mask, read_seeds
from blendgym.vector.records import Records
from blendgym.wire.messages import MAX_SEED, Episode

StepResult = tuple[Any, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]


class TwinVectorEnv(VectorEnv[Any, Any, NDArray[Any]]):
    """Many environments of a twin. The episodes of each are those of a single one with the same seed, bit for bit.

    Whoever needs millions of steps a second talks to the twin itself: ``blendgym.twins.making.make_twin``.

    Args:
        task: The task, as ``module:Class``.
        twin: Its twin, likewise.
        num_envs: How many environments.
        autoreset_mode: Gymnasium's: when an environment whose episode is over begins the next one.
        max_episode_steps: After how many steps an episode is truncated; ``None`` or -1, as in ``gym.make``, for never.
        randomize: Which parameters are drawn from their priors at every reset, as ``BlendEnv`` takes it.
        expose: Who is told the parameters of an episode, likewise.
        options: Keyword arguments of the task, such as ``action_type``.

    Raises:
        TaskNotFound: If there is no such task.
        InvalidOption: If an argument has a wrong value, or the task does not take an option.
        InvalidParameter: If parameters that are to be randomized are unknown or cannot be.
    """

    def __init__(
        self, task: str, twin: str, num_envs: int = 1, *, max_episode_steps: int | None = None,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP, randomize: Selection = None,
        expose: str = "info", **options: Any,
    ) -> None:  # fmt: skip
        check_positive(num_envs=num_envs)
        self.num_envs = num_envs
        self.autoreset_mode = read_autoreset_mode(autoreset_mode)
        settings = self._settings = TwinSettings(task, twin, randomize, expose, options)
        self.task = settings.task
        self.metadata = {**settings.metadata, "autoreset_mode": self.autoreset_mode}
        self.single_action_space, self.single_observation_space = settings.action_space, settings.observation_space
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self._twin = settings.make_twin(num_envs, read_time_limit(max_episode_steps))
        self._randomizers = [settings.make_randomizer() for _ in range(num_envs)]
        self._generators: list[np.random.Generator] = []
        self._generator_seeds: list[int] = []
        self._no_options = settings.read_options({})
        self._batch = Batch(settings.observations, num_envs)
        self._records = Records(self._randomizers, self._add_info)
        self._over = np.zeros(num_envs, np.bool_)
        self._is_running = False

    def reset(self, *, seed: Seeds = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begins episodes.

        Args:
            seed: Of the first environment, those of the others follow; or one for each; or ``None``, which continues.
            options: Those of a single environment, for all, or as a list with one for each; ``reset_mask``,
                bool ``(num_envs,)``, for resetting only some.

        Returns:
            Observations of all environments, and infos of those that were reset.

        Raises:
            InvalidOption: If the mask, the seeds or the options do not fit; nothing has changed then.
            InvalidParameter: If a parameter is unknown or its value wrong; likewise.
        """
        given = options or {}
        rows, seeds = read_mask(given, self.num_envs), read_seeds(seed, self.num_envs)
        each = [self._settings.read_options(own) for own in read_each(given, self.num_envs)]
        self._seed(seeds)
        infos = self._begin(np.array(rows), [each[row] for row in rows], {})
        self._is_running = True
        return self._batch.observations(), infos

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
        check_over(due.tolist(), self.autoreset_mode)
        observations, rewards, terminations, _ = self._twin.step(valid)
        self._batch.place(slice(None), named(observations))
        truncations, infos = self._twin.elapsed >= self._twin.max_episode_steps, dict[str, Any]()
        if len(due):
            infos = self._begin_next(due, infos)
            rewards[due], terminations[due], truncations[due] = 0.0, False, False
        self._over = terminations | truncations
        if self.autoreset_mode is AutoresetMode.SAME_STEP and self._over.any():
            infos = self._end(self._over.nonzero()[0], infos)
        return self._batch.observations(), rewards, terminations, truncations, {**infos, **self._records.copied()}

    def set_source(self, source: Source) -> None:
        """Takes the parameters of all episodes from now on from another source; see ``BlendEnv.set_source``."""
        for randomizer in self._randomizers:
            randomizer.set_source(source)

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

    def _end(self, rows: Rows, infos: dict[str, Any]) -> dict[str, Any]:
        """Hands out the last observations and infos of episodes, and begins the next."""
        for row in rows.tolist():
            info = info_of(self._records.infos, row)
            infos = self._add_info(infos, {"final_obs": self._batch.row(row), "final_info": info}, row)
        return self._begin_next(rows, infos)

    def _begin_next(self, rows: Rows, infos: dict[str, Any]) -> dict[str, Any]:
        return self._begin(rows, [self._no_options] * len(rows), infos)

    def _begin(self, rows: Rows, given: Sequence[Mapping[str, Any]], infos: dict[str, Any]) -> dict[str, Any]:
        """Begins an episode in each of some environments."""
        episodes = [self._next_episode(row, own) for row, own in zip(rows.tolist(), given, strict=True)]
        values = self._settings.values_of(episodes)
        first = self._twin.begin(rows, values, np.array([each.seed for each in episodes], np.uint64))
        self._batch.place(rows, named(first))
        self._over[rows] = False
        for number, row in enumerate(rows.tolist()):
            randomizer = self._randomizers[row]
            self._batch.place_context(row, randomizer.unit)
            infos = self._add_info(infos, self._settings.told(values, number, randomizer), row)
        self._records.take_down(rows.tolist())
        return infos

    def _next_episode(self, row: int, given: Mapping[str, Any]) -> Episode:
        seed = int(self._generators[row].integers(MAX_SEED, endpoint=True))
        return self._randomizers[row].next_episode(seed, self._generator_seeds[row], given)
