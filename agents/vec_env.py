"""Environments on a few servers, as stable-baselines3 knows them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv, VecEnvWrapper, VecMonitor
from stable_baselines3.common.vec_env.base_vec_env import VecEnvIndices, VecEnvObs, VecEnvStepReturn

from blendgym.agents.adaptive import AdaptiveVecEnv, adaptive_selection, is_adaptive
from blendgym.errors import InvalidOption
from blendgym.parameters.selection import Selection
from blendgym.vector.base import BaseVectorEnv
from blendgym.vector.infos import info_of
from blendgym.vector.member import Member


def make_vec_env(
    env_id: str, n_envs: int = 1, num_servers: int | None = None, *, seed: int | None = None,
    monitor_file: Path | None = None, randomize: Selection = None, **arguments: Any,
) -> VecEnvWrapper:  # fmt: skip
    """Makes environments for an algorithm of stable-baselines3, monitored.

    Args:
        env_id: Id of a registered environment, in Blender or of a twin.
        n_envs: How many environments.
        num_servers: How many Blender processes they share; each keeps one processor core busy.
        seed: The seed of the first environment; those of the others follow.
        monitor_file: CSV that gets length and return of every episode.
        randomize: Which parameters are drawn for each episode, as ``gymnasium.make_vec`` takes it. With ``"adaptive"``,
            alone or in a list with what is to be randomized, the draws follow the student: see ``AdaptiveVecEnv``.
        arguments: Further ones of ``gymnasium.make_vec``.

    Returns:
        A ``VecMonitor``; an ``AdaptiveVecEnv`` around it if the draws adapt.

    Raises:
        InvalidOption: If an argument has a wrong value.
    """
    adapts = is_adaptive(randomize)
    if adapts:
        randomize = adaptive_selection(env_id, randomize)
    if randomize is not None:
        arguments["randomize"] = randomize
    if num_servers is not None:
        arguments["num_servers"] = num_servers  # Which twins do not have.
    envs = gym.make_vec(
        env_id,
        num_envs=n_envs,
        vectorization_mode="vector_entry_point",
        autoreset_mode=AutoresetMode.SAME_STEP.value,  # As a string, for specs that go through JSON.
        **arguments,
    )
    made: VecEnvWrapper = VecMonitor(StableBaselinesVecEnv(envs), str(monitor_file) if monitor_file else None)
    if adapts:
        made = AdaptiveVecEnv(made)
    if seed is not None:
        made.seed(seed)
    return made


class StableBaselinesVecEnv(VecEnv):
    """A vector environment of blendgym as a ``VecEnv``. Its episodes are those of single ones in a ``DummyVecEnv``.

    What can be asked of single environments by ``get_attr`` and ``env_method`` is what a ``Slot`` has, or a
    ``TwinMember``.

    Args:
        envs: With the autoreset mode ``SAME_STEP``, which is stable-baselines3's.

    Raises:
        InvalidOption: If they have another.
    """

    def __init__(self, envs: gym.vector.VectorEnv[Any, Any, Any]) -> None:
        if not isinstance(envs, BaseVectorEnv) or envs.autoreset_mode is not AutoresetMode.SAME_STEP:
            raise InvalidOption(
                'Expected a vector environment of blendgym with autoreset_mode="SameStep", which VecEnv has.'
            )
        self.envs = envs
        super().__init__(envs.num_envs, envs.single_observation_space, envs.single_action_space)
        self.metadata = envs.metadata

    def reset(self) -> VecEnvObs:
        """Begins an episode in every environment, with the seeds and options that were set for it."""
        names = {name for options in self._options for name in options}
        options = {name: [own.get(name) for own in self._options] for name in names}
        observations, infos = self.envs.reset(seed=self._seeds, options=options)
        self.reset_infos = [info_of(infos, row) for row in range(self.num_envs)]
        self._reset_seeds()
        self._reset_options()
        return observations  # type: ignore[no-any-return]

    def step_async(self, actions: NDArray[Any]) -> None:
        """Sends actions."""
        self.envs.step_async(actions)

    def step_wait(self) -> VecEnvStepReturn:
        """Waits for what they led to."""
        observations, rewards, terminations, truncations, batched = self.envs.step_wait()
        infos = [
            {"TimeLimit.truncated": False, "is_success": success, **member.randomizer.step_info()}
            for member, success in zip(self.envs.members, batched["is_success"].tolist(), strict=True)
        ]
        dones = terminations | truncations
        for row in dones.nonzero()[0].tolist():
            own = info_of(batched, row)
            last = own.pop("final_info")
            infos[row] = {
                **last,
                "terminal_observation": own.pop("final_obs"),
                "TimeLimit.truncated": bool(truncations[row] and not terminations[row]),
            }
            own.pop("error", None)  # Of the last step, whose info has it, too.
            self.reset_infos[row] = own
        return observations, rewards.astype(np.float32), dones, infos

    def close(self) -> None:
        """Ends all servers."""
        self.envs.close()

    def get_images(self) -> Sequence[NDArray[np.uint8] | None]:
        """An image of each environment."""
        if self.render_mode is None:  # Twins have none.
            return [None] * self.num_envs
        images: Any = self.envs.render()
        return images or [None] * self.num_envs

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """An attribute of each of some environments."""
        return [getattr(member, attr_name) for member in self._members(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Sets an attribute of some environments, on this side of the wire."""
        for member in self._members(indices):
            setattr(member, attr_name, value)

    def env_method(
        self, method_name: str, *method_args: Any, indices: VecEnvIndices = None, **method_kwargs: Any
    ) -> list[Any]:
        """Calls a method of each of some environments."""
        return [getattr(member, method_name)(*method_args, **method_kwargs) for member in self._members(indices)]

    def env_is_wrapped(self, wrapper_class: Any, indices: VecEnvIndices = None) -> list[bool]:  # noqa: ARG002
        """No environment is wrapped: wrappers come around all of them together."""
        return [False for _ in self._members(indices)]

    def _members(self, indices: VecEnvIndices) -> list[Member]:
        return [self.envs.members[index] for index in self._get_indices(indices)]
