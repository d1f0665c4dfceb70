"""How long does an episode with a scene of its own take to begin, against plain Blender playing the same bodies?

blendgym bench layouts                        # 200 bodies, laid out anew, settled for 4 s, captured with boxes
blendgym bench layouts --things 20 --seconds 1
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from blendgym.arguments import Count, MaybeOutputFolder, Positive
from blendgym.benchmarks.contest import Child, Seconds, compete, save
from blendgym.client.env import BlendEnv

RAW_SCRIPT = Path(__file__).with_name("raw_layouts.py")
TASK = "blendgym.benchmarks.layouts.pour:Pour"


def measure(things: int, seconds: float, rounds: int, episodes: int) -> Seconds:
    """Seconds per episode of every round, by contestant.

    Args:
        things: Bodies that fall.
        seconds: Simulated time that they fall for.
        rounds: How often the contestants take turns.
        episodes: In one round.
    """
    raw = Child(RAW_SCRIPT, str(things), str(seconds))
    env = BlendEnv(TASK, things=things, seconds=seconds)
    try:
        contestants: dict[str, Callable[[int], float]] = {
            "plain Blender: the same frames, nothing else": raw.seconds,
            "one remote environment: layout, reset and settling": lambda count: _episodes(env, count, captured=False),
            "the same, captured at 640×480 with boxes": lambda count: _episodes(env, count, captured=True),
        }
        return compete(contestants, rounds, episodes, _title(things, seconds))
    finally:
        env.close()
        raw.close()


def main(
    things: Count = 200,
    seconds: Positive = 4.0,
    rounds: Count = 5,
    episodes: Count = 2,
    output: MaybeOutputFolder = None,
) -> None:
    """Measures how long episodes with a layout of their own take to begin, in one run with plain Blender.

    Args:
        things: Bodies that fall into the tray.
        seconds: Simulated time that they fall for.
        rounds: How often the contestants take turns.
        episodes: Episodes in one turn.
        output: Folder for a CSV and a chart.
    """
    taken = measure(things, seconds, rounds, episodes)
    Console().print(_table(taken, things, _title(things, seconds)))
    if output:
        save(output, "layout_rate", taken, _title(things, seconds))


def _episodes(env: BlendEnv, count: int, captured: bool) -> float:
    start = time.perf_counter()
    for seed in range(count):
        env.reset(seed=seed)
        if captured:
            env.capture(objects=True)
    return time.perf_counter() - start


def _table(taken: Seconds, things: int, title: str) -> Table:
    plain = statistics.median(next(iter(taken.values())))
    made = Table("", "bodies", "s per episode", "against plain Blender", title=title)
    for name, values in taken.items():
        median = statistics.median(values)
        made.add_row(name, str(things), f"{median:.2f}", f"{median / plain:.2f} times")
    return made


def _title(things: int, seconds: float) -> str:
    return f"{things} bodies in a new layout, simulated for {seconds:g} s"
