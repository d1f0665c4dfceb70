"""How fast is each environment of the suite, as a share of what Blender itself can do with the same scene?

blendgym bench suite                         # a table
blendgym bench suite BlendStack-v0 -o bench  # and as Markdown and CSV
"""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gymnasium as gym
import tyro
from rich.console import Console
from rich.markdown import Markdown

from blendgym.arguments import Count, EnvironmentId, MaybeOutputFolder, Positive
from blendgym.benchmarks.contest import Child, Seconds, compete, side_by_side
from blendgym.benchmarks.steps.step_rate import step_seconds
from blendgym.registry import environment_spec, suite_rooms

HERE = Path(__file__).parent
RAW_SCRIPT, VECTOR_SCRIPT = HERE / "raw_suite.py", HERE / "suite_vectors.py"
RAW, TWO_RAW, ONE, MANY, RESET = "raw loop", "two raw loops", "one environment", "16 on 2 servers", "reset"
NUM_ENVS, NUM_SERVERS = 16, 2
FIRST_STEPS = 4 * NUM_ENVS
"""Of which the length of a turn is guessed."""

NOTE = (
    "Steps per second, state only, medians of {rounds} rounds in which the contestants take turns. A raw loop is the "
    "scene of an episode stepped inside Blender, without actions, wire and task, so rays and images that a task needs "
    "for itself are missing there. 16 environments on 2 servers are compared with two raw loops at the same time. "
    "Environments are stepped with actions of 0. Resets do not count as steps: the last column has what one takes, and "
    "how many steps of one environment that is."
)


def main(
    env_ids: tyro.conf.Positional[tuple[EnvironmentId, ...]] = (),
    rounds: Count = 8,
    seconds: Positive = 0.5,
    resets: Count = 10,
    output: MaybeOutputFolder = None,
) -> None:
    """Measures every environment of the suite against raw Blender loops of the same scene, in one run.

    Args:
        env_ids: Environments; by default those of the suite.
        rounds: How often the contestants take turns.
        seconds: How long a turn of a single environment takes, more or less.
        resets: In one turn.
        output: Folder for suite.md, and suite.csv of every round.
    """
    chosen = env_ids or tuple(room.id for room in suite_rooms())
    measured = {env_id: measure(env_id, rounds, seconds, resets) for env_id in chosen}
    text = _table(measured, rounds)
    Console().print(Markdown(text))
    if output:
        output.mkdir(parents=True, exist_ok=True)
        (output / "suite.md").write_text(text)
        _write_csv(output / "suite.csv", measured)


def measure(env_id: str, rounds: int, seconds: float, resets: int) -> Seconds:
    """Seconds per step of every round, by contestant; and per reset.

    Args:
        env_id: Of an environment.
        rounds: How often the contestants take turns.
        seconds: How long a turn of a single environment takes, more or less.
        resets: In one turn.
    """
    spec = environment_spec(env_id)
    task = spec.kwargs["task"]
    spec.kwargs["obs_type"] = "state"
    env = gym.make(spec)
    env.reset(seed=0)
    with _closing([Child(RAW_SCRIPT, task) for _ in range(2)]) as raw, _closing([_many(env_id)]) as many:
        contestants = {
            RAW: raw[0].seconds,
            TWO_RAW: lambda count: side_by_side(raw, count),
            ONE: lambda count: step_seconds(env, count),
            MANY: many[0].seconds,
            RESET: lambda count: _reset_seconds(env, resets) * count / resets,
        }
        duration = step_seconds(env, FIRST_STEPS) / FIRST_STEPS
        steps = NUM_ENVS * max(1, round(seconds / duration / NUM_ENVS))
        try:
            return compete(contestants, rounds, steps, env_id)
        finally:
            env.close()


def _many(env_id: str) -> Child:
    return Child(VECTOR_SCRIPT, env_id, str(NUM_ENVS), str(NUM_SERVERS))


@contextmanager
def _closing(children: list[Child]) -> Iterator[list[Child]]:
    try:
        yield children
    finally:
        for child in children:
            child.close()


def _reset_seconds(env: gym.Env[Any, Any], resets: int) -> float:
    start = time.perf_counter()
    for _ in range(resets):
        env.reset()
    return time.perf_counter() - start


def _table(measured: dict[str, Seconds], rounds: int) -> str:
    lines = [
        "| environment | raw loop | one environment | two raw loops | 16 on 2 servers | reset |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for env_id, seconds in measured.items():
        raw, two, one, many, reset = (statistics.median(seconds[name]) for name in (RAW, TWO_RAW, ONE, MANY, RESET))
        lines.append(
            f"| {env_id} | {1 / raw:,.0f} | {1 / one:,.0f} ({raw / one:.0%}) | {1 / two:,.0f} "
            f"| {1 / many:,.0f} ({two / many:.0%}) | {reset * 1e3:.1f} ms, {reset / one:.0f} steps |"
        )
    return "\n".join([*lines, "", NOTE.format(rounds=rounds)]) + "\n"


def _write_csv(file: Path, measured: dict[str, Seconds]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("env_id", "round", *(f"{name} [s]" for name in (RAW, TWO_RAW, ONE, MANY, RESET))))
        for env_id, seconds in measured.items():
            for number, row in enumerate(zip(*seconds.values(), strict=True)):
                writer.writerow((env_id, number, *row))
