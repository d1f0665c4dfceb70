"""How fast is one remote environment, as a share of what Blender can do in-process?

Raw loop, remote environment and bare round trip take turns in short blocks, so that whatever else the machine does
meets all of them alike.

    blendgym bench                          # a table
    blendgym bench --output runs/bench      # and a CSV of every block, and a chart
"""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

import gymnasium as gym
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from blendgym.client.env import BlendEnv

RAW, REMOTE, PING, BLENDTORCH = "raw Blender loop", "remote environment", "round trip alone", "blendtorch"
RAW_LOOP_SCRIPT = Path(__file__).with_name("raw_loop.py")
BLENDTORCH_SCRIPT = Path(__file__).with_name("blendtorch_peer.py")


def measure(env_id: str, rounds: int, steps: int, blendtorch: Path | None = None) -> dict[str, list[float]]:
    """Seconds per step of every block.

    Args:
        env_id: A state environment.
        rounds: How often the contestants take turns.
        steps: In one block.
        blendtorch: A checkout of blendtorch, whose own cart-pole then takes part.

    Returns:
        Raw loop, remote environment, round trip and perhaps blendtorch by name, each with one value a round.
    """
    env = gym.make(env_id)
    inner = env.unwrapped
    if not isinstance(inner, BlendEnv):
        raise TypeError(f"{env_id} is no environment of blendgym.")
    children = {RAW: _Child(RAW_LOOP_SCRIPT, gym.spec(env_id).kwargs["task"])}
    if blendtorch:
        children[BLENDTORCH] = _Child(BLENDTORCH_SCRIPT, str(blendtorch))
    contestants: dict[str, Callable[[int], float]] = {
        **{name: child.seconds for name, child in children.items()},
        REMOTE: lambda count: _remote_seconds(env, count),
        PING: lambda count: _ping_seconds(inner, count),
    }
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    try:
        env.reset(seed=0)
        for run in contestants.values():
            run(steps)  # Warm-up.
        for _ in track(range(rounds), description=f"{env_id}: {rounds} rounds of {steps} steps"):
            for name, run in contestants.items():
                seconds[name].append(run(steps) / steps)
    finally:
        env.close()
        for child in children.values():
            child.close()
    return seconds


def report(env_id: str, seconds: dict[str, list[float]]) -> Table:
    """A table of medians and of shares of the raw loop."""
    raw = statistics.median(seconds[RAW])
    table = Table("", "µs per step", "steps/s", "share of raw", title=f"{env_id}, one environment, state only")
    for name, values in seconds.items():
        median = statistics.median(values)
        table.add_row(name, f"{median * 1e6:.1f}", f"{1 / median:,.0f}", f"{raw / median:.0%}")
    return table


def save(folder: Path, env_id: str, seconds: dict[str, list[float]]) -> None:
    """Writes every block as CSV, and a chart of the rates."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "step_rate.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"{name} [s/step]" for name in seconds])
        writer.writerows(zip(*seconds.values(), strict=True))
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 2.6), layout="constrained")
    axes = figure.subplots()
    rates = [[1 / value for value in values] for values in seconds.values()]
    axes.boxplot(rates, orientation="horizontal", tick_labels=list(seconds), widths=0.6)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel("steps per second (box: quartiles over blocks)")
    axes.set_title(f"{env_id}, one environment, state only")
    figure.savefig(folder / "step_rate.png", dpi=150)


def main(
    env_id: str = "BlendCartpole-v0",
    rounds: int = 30,
    steps: int = 500,
    output: Path | None = None,
    blendtorch: Path | None = None,
) -> None:
    """Measures the steps per second of a remote environment against a raw Blender loop, in one run.

    Args:
        env_id: A state environment.
        rounds: How often the contestants take turns.
        steps: Steps in one turn.
        output: Folder for a CSV and a chart.
        blendtorch: A checkout of blendtorch, whose own cart-pole then takes part. It needs Blender 3.4 or older on the
            PATH, and PyOpenGL and minexr in this Python.
    """
    seconds = measure(env_id, rounds, steps, blendtorch)
    Console().print(report(env_id, seconds))
    if output:
        save(output, env_id, seconds)


class _Child:
    """A process that steps something of its own: it is told how many steps, and says how many seconds they took."""

    def __init__(self, script: Path, argument: str) -> None:
        command = [sys.executable, str(script), argument]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._questions = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)
        for line in self._answers:
            if line.strip() == "ready":
                return
        raise RuntimeError(f"{script} ended with exit code {self._process.wait()}.")

    def seconds(self, steps: int) -> float:
        print(steps, file=self._questions, flush=True)
        return float(self._answers.readline())

    def close(self) -> None:
        self._questions.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()


def _remote_seconds(env: gym.Env[object, object], steps: int) -> float:
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
