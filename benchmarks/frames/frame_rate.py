"""How fast are environments with images, against a raw render loop of Blender and against MuJoCo?

blendgym bench frames                             # RGB of 84×84 in every step
blendgym bench frames --width 640 --height 480 --passes rgb depth normals segmentation
blendgym bench frames --engines raster eevee --envs 1 2 4
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
from rich.console import Console

from blendgym.arguments import Count, EngineName, EnvironmentId, MaybeOutputFolder, PassName
from blendgym.benchmarks.contest import Child, Seconds, close_teams, compete, save, table, teams
from blendgym.client.env import BlendEnv
from blendgym.registry import environment_spec

RAW_SCRIPT = Path(__file__).with_name("raw_frames.py")
REMOTE_SCRIPT = Path(__file__).with_name("remote_frames.py")
MUJOCO = "InvertedPendulum-v5"


NUMBERS = {1: "one env", 2: "two envs"}
"""Of environments side by side, in names of contestants."""


def measure(env_id: str, size: tuple[int, int], engines: dict[str, int], passes: tuple[str, ...], rounds: int,
            steps: int, side_by_side: Sequence[int] = (1, 2)) -> Seconds:  # fmt: skip
    """Seconds per step of every round.

    Args:
        env_id: Any environment.
        size: Width and height of the images.
        engines: Samples by engine.
        passes: What is observed.
        rounds: How often the contestants take turns.
        steps: In one round.
        side_by_side: Numbers of remote environments.

    Returns:
        The raw loop, so many remote environments for each engine, and MuJoCo if it is installed, by name.
    """
    inner = gym.make(env_id).unwrapped
    if not isinstance(inner, BlendEnv):
        raise TypeError(f"{env_id} is no environment of blendgym.")
    task = str(environment_spec(env_id).kwargs["task"])
    children = {"raw Workbench loop, rgb, not read": [Child(RAW_SCRIPT, task, inner.task.camera, *map(str, size))]}
    try:
        for engine, samples in engines.items():
            remote = [_remote(env_id, size, engine, samples, passes) for _ in range(max(side_by_side))]
            named = f"{engine}, {samples} sample{'s' if samples > 1 else ''}"
            children |= {f"{NUMBERS.get(each, f'{each} envs')}, {named}": remote[:each] for each in side_by_side}
        if importlib.util.find_spec("mujoco"):
            children[f"MuJoCo {MUJOCO}, rgb"] = [_mujoco(size)]
        return compete(teams(children), rounds, steps, _title(env_id, size, passes))
    finally:
        close_teams(children)


def main(
    env_id: EnvironmentId = "BlendCartpole-v0",
    /,
    width: Count = 84,
    height: Count = 84,
    passes: tuple[PassName, ...] = ("rgb",),
    engines: tuple[EngineName, ...] = ("raster", "workbench"),
    envs: tuple[Count, ...] = (1, 2),
    rounds: Count = 8,
    steps: Count = 100,
    output: MaybeOutputFolder = None,
) -> None:
    """Measures the images per second of remote environments against a raw render loop of Blender, in one run.

    Args:
        env_id: Any environment.
        width: Of the images, in pixels.
        height: Of the images, in pixels.
        passes: What is observed.
        engines: What renders, with one sample a pixel; below 200×200 pixels ``raster`` has four.
        envs: How many environments, side by side.
        rounds: How often the contestants take turns.
        steps: Steps in one turn.
        output: Folder for a CSV and a chart.
    """
    size = width, height
    is_small = width * height <= 200 * 200
    samples = {engine: 4 if engine == "raster" and is_small else 1 for engine in engines}
    seconds = measure(env_id, size, samples, passes, rounds, steps, envs)
    title = _title(env_id, size, passes)
    Console().print(table(seconds, title))
    if output:
        save(output, f"frame_rate_{width}x{height}_{'_'.join(passes)}", seconds, title)


def _remote(env_id: str, size: tuple[int, int], engine: str, samples: int, passes: tuple[str, ...]) -> Child:
    arguments: dict[str, Any] = {
        "obs_type": "_".join(passes),
        "width": size[0],
        "height": size[1],
        "engine": engine,
        "camera_options": {"samples": samples},
    }
    return Child(REMOTE_SCRIPT, env_id, json.dumps(arguments))


def _mujoco(size: tuple[int, int]) -> Child:
    os.environ.setdefault("MUJOCO_GL", "egl")
    arguments = {"render_mode": "rgb_array", "width": size[0], "height": size[1]}
    return Child(REMOTE_SCRIPT, MUJOCO, json.dumps(arguments))


def _title(env_id: str, size: tuple[int, int], passes: tuple[str, ...]) -> str:
    return f"{env_id}, {size[0]}×{size[1]} {', '.join(passes)} in every step"
