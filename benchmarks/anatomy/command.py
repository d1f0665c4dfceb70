"""Where does the time of a step go?

blendgym bench anatomy           # tables of both sides
blendgym bench anatomy -o bench  # and a picture
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from rich.console import Console
from rich.table import Table

from blendgym.arguments import Count, EnvironmentId, MaybeOutputFolder
from blendgym.benchmarks.anatomy.methods import BLENDER, TRAINER, kind_of
from blendgym.benchmarks.anatomy.plot import plot_step
from blendgym.benchmarks.anatomy.spans import Spans, read_spans, watching
from blendgym.benchmarks.anatomy.steps import Step, divide, nobody, seconds_by_part, typical
from blendgym.registry import environment_spec

WATCHED = "blendgym.benchmarks.anatomy.watched:Watched"
STEPS_PER_TURN = 250
Windows = list[tuple[int, int]]


class Anatomy(NamedTuple):
    """What a run has shown.

    Args:
        step: A typical step of an environment that is watched.
        share: The share of the fastest tenth of all steps that it speaks for.
        unwatched: Seconds of a step of one that is not watched, the median of the fastest tenth.
    """

    step: Step
    share: float
    unwatched: float


def measure(env_id: str, steps: int) -> Anatomy:
    """Takes steps of an environment that is watched on both sides, in turns with one that is not.

    Args:
        env_id: An environment that observes its state.
        steps: Of each.
    """
    task = environment_spec(env_id).kwargs["task"]
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "trainer", Path(folder) / "blender"
        watched = gym.make(env_id, task=WATCHED, watched=task, record=str(theirs), trainer=os.getpid())
        plain = gym.make(env_id)
        windows: Windows = []
        others: Windows = []
        try:
            for env in (watched, plain):
                env.reset(seed=0)
                _take(env, STEPS_PER_TURN)
            spans = Spans(ours)
            while len(windows) < steps:
                turn = min(STEPS_PER_TURN, steps - len(windows))
                with watching(TRAINER, spans):
                    windows += _take(watched, turn)
                others += _take(plain, turn)
        finally:
            watched.close()
            plain.close()
        divided = divide(windows, read_spans(ours, TRAINER), read_spans(theirs, BLENDER))
    return Anatomy(*typical(divided), _unwatched(others))


def main(env_id: EnvironmentId = "BlendCartpole-v0", /, steps: Count = 2000, output: MaybeOutputFolder = None) -> None:
    """Shows what each microsecond of a step is, in the trainer's process and in Blender's, on one axis of time.

    Args:
        env_id: An environment that observes its state.
        steps: How many are watched.
        output: Folder for a picture.
    """
    found = measure(env_id, steps)
    title = f"{env_id}: a step of {found.step.nanoseconds / 1000:.0f} µs, {found.unwatched * 1e6:.0f} µs if not watched"
    console = Console()
    console.print(_table(found.step, title))
    console.print(f"Both sides waited at once for {nobody(found.step) * 1e6:.1f} µs.")
    console.print(f"Of the fastest tenth of {steps:,} steps, {found.share:.0%} were like this.")
    if output:
        output.mkdir(parents=True, exist_ok=True)
        plot_step(output / "anatomy.png", found.step, title)


def _take(env: gym.Env[Any, Any], steps: int) -> Windows:
    """When each of some steps began and ended."""
    action = np.zeros(env.action_space.shape or (), env.action_space.dtype)
    env.reset()
    windows = []
    for _ in range(steps):
        begin = time.perf_counter_ns()
        _, _, terminated, truncated, _ = env.step(action)
        windows.append((begin, time.perf_counter_ns()))
        if terminated or truncated:
            env.reset()
    return windows


def _unwatched(windows: Windows) -> float:
    return statistics.quantiles((end - begin for begin, end in windows), n=20)[0] * 1e-9


def _table(step: Step, title: str) -> Table:
    table = Table("", "", "µs", "share", title=title)
    for name, side in zip(("trainer", "Blender"), step, strict=True):
        for part, seconds in seconds_by_part(side).items():
            share = seconds * 1e9 / step.nanoseconds
            table.add_row(name, f"{part} [dim]({kind_of(part)})[/dim]", f"{seconds * 1e6:.1f}", f"{share:.0%}")
        table.add_section()
    return table
