"""How fast are many environments on a few servers, against raw Blender loops and the vector environments of others?

blendgym bench vectors -o bench                      # a table, a CSV of every round, and a chart
blendgym bench vectors --obs-type rgb                # images of 84×84 in every step
blendgym bench vectors --scaling -o bench            # slots × servers
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Literal

import gymnasium as gym
from rich.console import Console

from blendgym.arguments import Count, EnvironmentId, ExistingFolder, MaybeOutputFolder, refuse_without_effect
from blendgym.benchmarks.contest import Child, Seconds, close_teams, compete, save, table, teams
from blendgym.benchmarks.frames.frame_rate import RAW_SCRIPT as RAW_FRAMES_SCRIPT
from blendgym.benchmarks.steps.scaling_plot import plot_scaling
from blendgym.client.env import BlendEnv

HERE = Path(__file__).parent
RAW_SCRIPT = HERE / "raw_loop.py"
VECTOR_SCRIPT, BLENDTORCH_SCRIPT = HERE / "remote_vectors.py", HERE / "blendtorch_peer.py"
SIZE = 84  # pixels

Children = dict[str, list[Child]]


def measure(
    env_id: str, obs_type: str, rounds: int, steps: int, scaling: bool = False, blendtorch: Path | None = None
) -> Seconds:
    """Seconds per step of every round.

    Args:
        env_id: Any environment.
        obs_type: "state", or "rgb" for images of 84×84 pixels in every step.
        rounds: How often the contestants take turns.
        steps: Steps of single environments in one round.
        scaling: Whether numbers of slots and servers take part instead of the vector environments of others.
        blendtorch: A checkout of blendtorch, whose own cart-pole then takes part.
    """
    children = _scaling(env_id, obs_type) if scaling else _peers(env_id, obs_type, blendtorch)
    try:
        return compete(teams(children), rounds, steps, _title(env_id, obs_type))
    finally:
        close_teams(children)


def main(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    obs_type: Literal["state", "rgb"] = "state",
    rounds: Count = 12,
    steps: Count = 3200,
    scaling: bool = False,
    output: MaybeOutputFolder = None,
    blendtorch: ExistingFolder | None = None,
) -> None:
    """Measures environments on shared servers against raw Blender loops, in one run.

    Args:
        env_id: Any environment.
        obs_type: "state", or "rgb" for images of 84×84 pixels in every step.
        rounds: How often the contestants take turns.
        steps: Steps of single environments in one turn.
        scaling: Measures some numbers of slots and servers instead of the vector environments of others.
        output: Folder for a CSV and charts.
        blendtorch: A checkout of blendtorch, whose own cart-pole then takes part.
    """
    if scaling:
        refuse_without_effect(main, "with --scaling", blendtorch=blendtorch)
    seconds = measure(env_id, obs_type, rounds, steps, scaling, blendtorch)
    title = _title(env_id, obs_type)
    Console().print(table(seconds, title))
    if output:
        name = f"{'scaling' if scaling else 'vector_rate'}_{obs_type}"
        save(output, name, seconds, title)
        if scaling:
            plot_scaling(output / f"{name}.png", _rates(seconds), title)


def _title(env_id: str, obs_type: str) -> str:
    return f"{env_id}, many environments, {obs_type}"


def _peers(env_id: str, obs_type: str, blendtorch: Path | None) -> Children:
    children = {"raw loop in two processes": _raw(env_id, obs_type, 2)}
    for count in (16, 64):
        children[f"{count} envs on 2 servers"] = [_vector("vector", env_id, obs_type, count, 2)]
    children["one env"] = [_vector("vector", env_id, obs_type, 1, 1)]
    children["16 envs, Gymnasium's AsyncVectorEnv"] = [_vector("async", env_id, obs_type, 16, 16)]
    children["16 envs, SB3's SubprocVecEnv"] = [_vector("subproc", env_id, obs_type, 16, 16)]
    if blendtorch:
        children["blendtorch, one env"] = [Child(BLENDTORCH_SCRIPT, str(blendtorch))]
    return children


def _scaling(env_id: str, obs_type: str) -> Children:
    children = {f"raw loop × {count}": _raw(env_id, obs_type, count) for count in (1, 2)}
    for servers in (1, 2):
        for slots in (1, 4, 16, 64):
            vector = _vector("vector", env_id, obs_type, slots * servers, servers)
            children[f"{slots} slots × {servers} servers"] = [vector]
    return children


def _raw(env_id: str, obs_type: str, count: int) -> list[Child]:
    task = str(gym.spec(env_id).kwargs["task"])
    if obs_type == "state":
        return [Child(RAW_SCRIPT, task) for _ in range(count)]
    inner = gym.make(env_id).unwrapped
    if not isinstance(inner, BlendEnv):
        raise TypeError(f"{env_id} is no environment of blendgym.")
    return [Child(RAW_FRAMES_SCRIPT, task, inner.task.camera, str(SIZE), str(SIZE)) for _ in range(count)]


def _vector(kind: str, env_id: str, obs_type: str, count: int, servers: int) -> Child:
    arguments = {} if obs_type == "state" else {"obs_type": obs_type, "width": SIZE, "height": SIZE}
    return Child(VECTOR_SCRIPT, kind, env_id, str(count), str(servers), json.dumps(arguments))


def _rates(seconds: Seconds) -> dict[str, float]:
    return {name: 1.0 / statistics.median(values) for name, values in seconds.items()}
