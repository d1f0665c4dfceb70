"""How fast is one remote environment, as a share of what Blender can do in-process?

blendgym bench steps           # a table
blendgym bench steps -o bench  # and a CSV of every round, and a chart
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from rich.console import Console

from blendgym.arguments import Count, EnvironmentId, ExistingFolder, MaybeOutputFolder
from blendgym.benchmarks.contest import Child, Seconds, compete, save, table
from blendgym.client.env import BlendEnv

RAW, REMOTE, PING, BLENDTORCH = "raw Blender loop", "remote environment", "round trip alone", "blendtorch"
RAW_LOOP_SCRIPT = Path(__file__).with_name("raw_loop.py")
BLENDTORCH_SCRIPT = Path(__file__).with_name("blendtorch_peer.py")


def measure(env_id: str, rounds: int, steps: int, blendtorch: Path | None = None) -> Seconds:
    """Seconds per step of every round.

    Args:
        env_id: An environment that observes its state.
        rounds: How often the contestants take turns.
        steps: In one round.
        blendtorch: A checkout of blendtorch, whose own cart-pole then takes part.

    Returns:
        Raw loop, remote environment, round trip and perhaps blendtorch by name, each with one value a round.
    """
    env = gym.make(env_id)
    inner = env.unwrapped
    if not isinstance(inner, BlendEnv):
        raise TypeError(f"{env_id} is no environment of blendgym.")
    children = {RAW: Child(RAW_LOOP_SCRIPT, gym.spec(env_id).kwargs["task"])}
    if blendtorch:
        children[BLENDTORCH] = Child(BLENDTORCH_SCRIPT, str(blendtorch))
    contestants = {
        **{name: child.seconds for name, child in children.items()},
        REMOTE: lambda count: step_seconds(env, count),
        PING: lambda count: _ping_seconds(inner, count),
    }
    try:
        env.reset(seed=0)
        return compete(contestants, rounds, steps, env_id)
    finally:
        env.close()
        for child in children.values():
            child.close()


def main(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    rounds: Count = 30,
    steps: Count = 500,
    output: MaybeOutputFolder = None,
    blendtorch: ExistingFolder | None = None,
) -> None:
    """Measures the steps per second of a remote environment against a raw Blender loop, in one run.

    Args:
        env_id: An environment that observes its state.
        rounds: How often the contestants take turns.
        steps: Steps in one turn.
        output: Folder for a CSV and a chart.
        blendtorch: A checkout of blendtorch, whose own cart-pole then takes part. It needs Blender 3.4 or older on the
            PATH, and PyOpenGL and minexr in this Python.
    """
    title = f"{env_id}, one environment, state only"
    seconds = measure(env_id, rounds, steps, blendtorch)
    Console().print(table(seconds, title))
    if output:
        save(output, "step_rate", seconds, title)


def step_seconds(env: gym.Env[Any, Any], steps: int) -> float:
    """The seconds that some steps of an environment take, without the resets between its episodes."""
    action = np.zeros(env.action_space.shape or (), env.action_space.dtype)
    env.reset()
    taken = 0.0
    for _ in range(steps):
        start = time.perf_counter()
        _, _, terminated, truncated, _ = env.step(action)
        taken += time.perf_counter() - start
        if terminated or truncated:
            env.reset()
    return taken


def _ping_seconds(env: BlendEnv, steps: int) -> float:
    start = time.perf_counter()
    for _ in range(steps):
        env.ping()
    return time.perf_counter() - start
