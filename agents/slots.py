"""Environments on a few servers, for tools that make theirs one by one, such as rl_zoo3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec
from gymnasium.wrappers import OrderEnforcing, PassiveEnvChecker, TimeLimit
from stable_baselines3.common.monitor import Monitor

from blendgym.agents.vec_env import OURS, MonitoredVecEnv, made_together
from blendgym.errors import InvalidOption

UNCHANGED = (Monitor, OrderEnforcing, PassiveEnvChecker, TimeLimit)
"""What is around an environment by ``gym.make`` and by stable-baselines3, and around all of them together as well."""


class SlotVecEnv(MonitoredVecEnv):
    """A ``vec_env_cls`` of stable-baselines3, whose environments share one Blender, or a few.

    Tools that have the functions of ``DummyVecEnv`` make one for each environment; of the first it is seen what they
    are, and none of them is launched. Where it writes a monitor's file, this one has the episodes of all.

    Args:
        env_fns: Make the same environment of blendgym each, with no other wrappers than ``Monitor``.
        num_servers: How many Blender processes they share; each keeps one processor core busy. Default: one.

    Raises:
        InvalidOption: If they are no environments of blendgym, or have another wrapper around each.
    """

    def __init__(self, env_fns: Sequence[Callable[[], gym.Env[Any, Any]]], num_servers: int | None = None) -> None:
        env = env_fns[0]()
        try:
            spec, file = _spec(env), _file(env)
        finally:
            env.close()
        arguments: dict[str, Any] = {} if num_servers is None else {"num_servers": num_servers}
        super().__init__(made_together(spec, len(env_fns), arguments), file)


def _spec(env: gym.Env[Any, Any]) -> EnvSpec:
    """What an environment was made of."""
    spec = env.unwrapped.spec
    if spec is None or spec.vector_entry_point not in OURS:
        raise InvalidOption(f"Expected functions that make environments of blendgym, got one that makes {env}.")
    while isinstance(env, gym.Wrapper):
        if not isinstance(env, UNCHANGED):
            raise InvalidOption(
                f"{type(env).__name__} is around each environment, and those that share a Blender have none of their "
                "own. Wrap them together, as rl_zoo3 does with vec_env_wrapper; or leave this class out."
            )
        env = env.env
    return spec


def _file(env: gym.Env[Any, Any]) -> Path | None:
    """Where the episodes of the first environment would be written."""
    writer = env.results_writer if isinstance(env, Monitor) else None
    return Path(writer.file_handler.name) if writer and writer.file_handler else None
