"""Environments on a few servers, as stable-baselines3 knows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray
from stable_baselines3.common.env_util import make_vec_env as made_one_by_one
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv, VecEnv, VecMonitor
from stable_baselines3.common.vec_env.base_vec_env import VecEnvIndices, VecEnvObs, VecEnvStepReturn

from blendgym.agents.adaptive import AdaptiveVecEnv, adaptive_selection, is_adaptive
from blendgym.errors import InvalidOption
from blendgym.parameters.selection import Selection
from blendgym.registry import TWIN_VECTOR_ENTRY_POINT, VECTOR_ENTRY_POINT, registered_spec
from blendgym.vector.base import BaseVectorEnv
from blendgym.vector.infos import info_of
from blendgym.vector.member import Member

Wrapping = Callable[..., gym.Env[Any, Any]]
OURS = (VECTOR_ENTRY_POINT, TWIN_VECTOR_ENTRY_POINT)


def make_vec_env(
    env_id: str, n_envs: int = 1, seed: int | None = None, *, start_index: int = 0,
    monitor_dir: str | Path | None = None, wrapper_class: Wrapping | None = None,
    env_kwargs: dict[str, Any] | None = None, vec_env_cls: type[DummyVecEnv | SubprocVecEnv] | None = None,
    vec_env_kwargs: dict[str, Any] | None = None, monitor_kwargs: dict[str, Any] | None = None,
    wrapper_kwargs: dict[str, Any] | None = None, num_servers: int | None = None, randomize: Selection = None,
    **arguments: Any,
) -> VecEnv:  # fmt: skip
    """Makes environments for an algorithm of stable-baselines3, monitored: its ``make_vec_env``, on a few servers.

    Where environments have nothing to share, it makes them as stable-baselines3's does, one by one, each with a Blender
    of its own: those with a ``wrapper_class`` or ``vec_env_cls``, the meta-environment, and those of other packages.

    Args:
        env_id: Id of a registered environment, in Blender or not.
        n_envs: How many environments.
        seed: The seed of the first environment; those of the others follow.
        start_index: Number of the first environment, after which its monitor's file is called.
        monitor_dir: Folder for length and return of every episode, as ``load_results`` reads it: one file,
            ``{start_index}.monitor.csv``, or one for each environment that is made by itself.
        wrapper_class: Is put around each environment.
        env_kwargs: What environments are made with, as ``gymnasium.make_vec`` takes it. Whoever wants pictures says
            ``render_mode="rgb_array"``.
        vec_env_cls: A class of stable-baselines3 that is to hold the environments.
        vec_env_kwargs: Further arguments of that.
        monitor_kwargs: Further arguments of ``VecMonitor``, such as ``info_keywords``, or of ``Monitor``.
        wrapper_kwargs: Further arguments of the ``wrapper_class``.
        num_servers: How many Blender processes the environments share; each keeps one processor core busy.
        randomize: Which parameters are drawn for each episode, as ``gymnasium.make_vec`` takes it. With ``"adaptive"``,
            alone or in a list with what is to be randomized, the draws follow the student: see ``AdaptiveVecEnv``.
        arguments: More of ``env_kwargs``.

    Returns:
        A ``VecMonitor``, or environments with a ``Monitor`` each; an ``AdaptiveVecEnv`` around it if the draws adapt.

    Raises:
        InvalidOption: If an argument has a wrong value.
    """
    adapts = is_adaptive(randomize)
    if adapts:
        randomize = adaptive_selection(env_id, randomize)
    given = {**(env_kwargs or {}), **arguments, **({} if randomize is None else {"randomize": randomize})}
    entry_point = registered_spec(env_id).vector_entry_point
    one_by_one = bool(wrapper_class or vec_env_cls) or entry_point not in OURS
    if num_servers is not None:
        _check_shares(entry_point, one_by_one)
        given["num_servers"] = num_servers
    if entry_point in OURS:
        given = {"render_mode": None, **given}  # What stable-baselines3's chooses asks for a first picture at once.
    made: VecEnv
    if one_by_one:
        made = made_one_by_one(
            env_id, n_envs, seed, start_index, str(monitor_dir) if monitor_dir else None, wrapper_class, given,
            vec_env_cls, vec_env_kwargs, monitor_kwargs, wrapper_kwargs,
        )  # fmt: skip
    else:
        file = Path(monitor_dir, f"{start_index}.{Monitor.EXT}") if monitor_dir else None
        made = MonitoredVecEnv(made_together(env_id, n_envs, given), file, **(monitor_kwargs or {}))
    if adapts:
        made = AdaptiveVecEnv(made)
    if seed is not None:
        made.seed(seed)
        made.action_space.seed(seed + start_index)
    return made


def _check_shares(entry_point: Any, one_by_one: bool) -> None:
    """Sees to it that environments share servers, since it is said how many."""
    if entry_point != VECTOR_ENTRY_POINT:
        raise InvalidOption("num_servers= is for environments in Blender; these have no servers.")
    if one_by_one:
        raise InvalidOption(
            "With a wrapper_class= or a vec_env_cls= each environment has its own server; leave out num_servers=."
        )


def made_together(env_id: str | EnvSpec, n_envs: int, arguments: dict[str, Any]) -> StableBaselinesVecEnv:
    """Environments of an id or spec, with ``arguments`` of ``gymnasium.make_vec``, on as few servers as these say."""
    return StableBaselinesVecEnv(
        gym.make_vec(
            env_id,
            num_envs=n_envs,
            vectorization_mode="vector_entry_point",
            autoreset_mode=AutoresetMode.SAME_STEP.value,  # As a string, for specs that go through JSON.
            **arguments,
        )
    )


class StableBaselinesVecEnv(VecEnv):
    """A vector environment of blendgym as a ``VecEnv``. Its episodes are those of single ones in a ``DummyVecEnv``.

    What can be asked of single environments by ``get_attr`` and ``env_method`` is what a ``Slot`` has, or a
    ``Member`` of a twin.

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
        self.metadata, self.spec = envs.metadata, envs.spec

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


class MonitoredVecEnv(VecMonitor):
    """Tells length and return of every episode in its last info, and in a file.

    Args:
        envs: The environments.
        file: CSV that gets them, too; ``None`` for none.
        arguments: Further ones of ``VecMonitor``.
    """

    def __init__(self, envs: VecEnv, file: Path | None = None, **arguments: Any) -> None:
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(envs, str(file) if file else None, **arguments)

    @property
    def reset_infos(self) -> list[dict[str, Any]]:
        """Those of the environments, which a ``VecEnvWrapper`` has not."""
        return self.venv.reset_infos

    @reset_infos.setter
    def reset_infos(self, _: list[dict[str, Any]]) -> None:
        """Leaves them as they are: a ``VecEnvWrapper`` begins with empty ones."""

    def close(self) -> None:
        """Ends the environments, even if the last lines of the file cannot be written.

        Raises:
            OSError: If they cannot.
        """
        try:
            super().close()
        finally:
            self.venv.close()
