"""What does randomization cost? Whole episodes, resets included, nominal and with parameters drawn at every reset.

blendgym bench randomization --output bench
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from rich.console import Console

from blendgym.arguments import Count, EnvironmentId, MaybeOutputFolder
from blendgym.benchmarks.contest import compete, save, table

Envs = VectorEnv[Any, Any, Any]


def main(
    env_id: EnvironmentId = "BlendPendulum-v0",
    /,
    num_envs: Count = 16,
    num_servers: Count = 2,
    rounds: Count = 10,
    episodes: Count = 2,
    output: MaybeOutputFolder = None,
) -> None:
    """Measures episodes of full length with and without randomization, in one run.

    Args:
        env_id: An environment whose episodes end by their time limit alone.
        num_envs: How many environments.
        num_servers: How many Blender processes they share.
        rounds: How often the contestants take turns.
        episodes: Episodes of each environment in one turn.
        output: Folder for a CSV and a chart.
    """
    randomized = {"nominal": None, "dynamics drawn at every reset": "dynamics", "everything drawn": "all"}
    envs = {name: _make(env_id, num_envs, num_servers, randomize) for name, randomize in randomized.items()}
    steps = num_envs * episodes * (gym.spec(env_id).max_episode_steps or 0)
    try:
        title = f"{env_id}, {num_envs} environments on {num_servers} servers, resets included"
        seconds = compete({name: _runner(each) for name, each in envs.items()}, rounds, steps, title)
    finally:
        for each in envs.values():
            each.close()
    Console().print(table(seconds, title))
    if output:
        save(output, "randomization_rate", seconds, title)


def _make(env_id: str, num_envs: int, num_servers: int, randomize: str | None) -> Envs:
    made = gym.make_vec(
        env_id, num_envs, num_servers=num_servers, autoreset_mode=AutoresetMode.SAME_STEP, randomize=randomize
    )
    made.reset(seed=0)
    return made


def _runner(envs: Envs) -> Callable[[int], float]:
    actions = np.zeros_like(envs.action_space.sample())

    def seconds(steps: int) -> float:
        start = time.perf_counter()
        for _ in range(steps // envs.num_envs):
            envs.step(actions)
        return time.perf_counter() - start

    return seconds
