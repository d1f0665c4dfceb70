"""What all vector environments of blendgym have in common, in Blender or not."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from blendgym.errors import EnvironmentClosed, InvalidOption
from blendgym.parameters.sources import Source
from blendgym.vector.autoreset import read_autoreset_mode
from blendgym.vector.batch import Batch
from blendgym.vector.infos import info_of
from blendgym.vector.member import Member
from blendgym.vector.options import Seeds, read_each, read_mask, read_seeds
from blendgym.vector.records import Records
from blendgym.vector.settings import VectorSettings, single_spec

Mask = NDArray[np.bool_]
StepResult = tuple[Any, NDArray[np.float64], Mask, Mask, dict[str, Any]]
Infos = dict[str, Any]


class BaseVectorEnv(VectorEnv[Any, Any, NDArray[Any]]):
    """Spaces, seeds, options, infos and records of many environments.

    Args:
        settings: What all of them are made with.
        members: Draw the episodes of each.
        autoreset_mode: Gymnasium's: when an environment whose episode is over begins the next one.

    Attributes:
        members: Draw the episodes of each.

    Raises:
        InvalidOption: If there is no such mode.
    """

    _spec: EnvSpec | None = None

    def __init__(
        self, settings: VectorSettings, members: Sequence[Member], autoreset_mode: str | AutoresetMode
    ) -> None:
        self.num_envs, self.members, self._read_options = len(members), members, settings.read_options
        self.autoreset_mode = read_autoreset_mode(autoreset_mode)
        self.metadata = {**settings.metadata, "autoreset_mode": self.autoreset_mode}
        self.task = settings.task
        self.single_action_space, self.single_observation_space = settings.action_space, settings.observation_space
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self._batch = Batch(settings.observations, self.num_envs)
        self._records = Records([member.randomizer for member in members])
        self._no_options = [settings.read_options({})] * self.num_envs
        self._no_seeds: list[int | None] = [None] * self.num_envs

    def reset(self, *, seed: Seeds = None, options: Mapping[str, Any] | None = None) -> tuple[Any, Infos]:
        """Begins episodes.

        Args:
            seed: The seed of the first environment, those of the others follow; or one for each; or ``None``, which
                continues.
            options: Those of a single environment, for all, or as a list with one for each; ``reset_mask``,
                bool ``(num_envs,)``, for resetting only some.

        Returns:
            Observations of all environments, and infos of those that were reset.

        Raises:
            InvalidOption: If the mask, the seeds or the options do not fit; nothing has changed then.
            InvalidParameter: If a parameter is unknown or its value wrong; nothing has changed then.
            EnvironmentClosed: After ``close()``.
            ServerError: If Blender does not start, dies or does not answer in time.
        """
        given = options or {}
        rows, seeds = read_mask(given, self.num_envs), read_seeds(seed, self.num_envs)
        each = [self._read_options(own) for own in read_each(given, self.num_envs)]
        self._check_open()
        infos = self._restart(rows, each, seeds)
        return self._batch.observations(), infos

    def set_source(self, source: Source) -> None:
        """Takes the parameters of all episodes from now on from another source; see ``BlendEnv.set_source``."""
        for member in self.members:
            member.set_source(source)

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Calls a method of every environment, as ``SyncVectorEnv`` does; for what is no method it gives that.

        Args:
            name: Of what a ``Slot`` has, or a ``Member`` of a twin.
            args: Arguments of the method.
            kwargs: Further ones.

        Returns:
            What came of it, for each environment.
        """
        found = self.get_attr(name)
        return tuple(each(*args, **kwargs) if callable(each) else each for each in found)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of every environment."""
        return tuple(getattr(member, name) for member in self.members)

    def set_attr(self, name: str, values: Any) -> None:
        """Sets an attribute of every environment, on this side of the wire.

        Args:
            name: Of the attribute.
            values: A list or tuple with one value for each environment; anything else is for all.

        Raises:
            InvalidOption: If there is another number of values than of environments.
        """
        each = values if isinstance(values, list | tuple) else [values] * self.num_envs
        if len(each) != self.num_envs:
            raise InvalidOption(f"There are {len(each)} values of {name} for {self.num_envs} environments.")
        for member, value in zip(self.members, each, strict=True):
            setattr(member, name, value)

    @property
    def spec(self) -> EnvSpec | None:
        """What ``gym.make_vec`` has made them of; each has a spec of its own, ``get_attr("spec")``."""
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:
        self._spec = spec
        for member in self.members:
            member.spec = single_spec(spec) if spec else None

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]  # As SyncVectorEnv
        """The generators from which the seeds of the episodes are drawn, one for each environment."""
        return tuple(member.np_random for member in self.members)

    @property
    def np_random_seed(self) -> tuple[int, ...]:  # type: ignore[override]
        """What they were seeded with."""
        return tuple(member.np_random_seed for member in self.members)

    @abstractmethod
    def step_async(self, actions: Any) -> None:
        """The first half of a step: takes actions."""

    @abstractmethod
    def step_wait(self) -> StepResult:
        """The second half: gives what they led to."""

    @abstractmethod
    def _begin(
        self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None], infos: Infos
    ) -> Infos:
        """Begins the next episode of some environments.

        Args:
            rows: The numbers of these environments.
            options: Options of all environments, as ``read_options`` has read them.
            seeds: Seeds of all environments.
            infos: What is known of others.

        Returns:
            The same infos, and what is known of these.
        """

    def _all_judged(self, successes: Mask, infos: Infos) -> Infos:
        """Infos, with those of a step about the success of every environment."""
        # A copy, for a twin whose successes are its terminations may give one array for both.
        return {**infos, "is_success": successes.copy(), "_is_success": np.ones(self.num_envs, np.bool_)}

    def _restart(self, rows: Sequence[int], options: Sequence[Mapping[str, Any]], seeds: Sequence[int | None]) -> Infos:
        """Begins episodes because somebody wants it, whatever was before."""
        return self._begin(rows, options, seeds, {})

    def _begin_next(self, rows: Sequence[int], infos: Infos) -> Infos:
        """Begins the episodes that are due, as they come."""
        return self._begin(rows, self._no_options, self._no_seeds, infos)

    def _end(self, over: Sequence[int], infos: Infos) -> Infos:
        """Hands out the last observations and infos of episodes, and begins the next (``SAME_STEP``)."""
        known = {**infos, **self._records.infos}
        final = [(row, self._batch.row(row), info_of(known, row)) for row in over]
        for row, observation, info in final:
            infos = self._add_info(infos, {"final_obs": observation, "final_info": info}, row)
        return self._begin_next(over, infos)

    def _check_open(self) -> None:
        if self.closed:
            raise EnvironmentClosed("The environments are closed; make new ones.")
