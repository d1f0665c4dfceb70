"""Which contests there are, and how documents name those who take part."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from blendgym.benchmarks.contest import Seconds
from blendgym.benchmarks.frames import frame_rate
from blendgym.benchmarks.steps import step_rate, vector_rate

ENV_ID = "BlendCartpole-v0"

ContestName = Literal["steps", "vectors", "frames-84", "frames-640"]


class Contest(NamedTuple):
    """Some who take turns at the same work.

    Args:
        measure: Takes a number of rounds, gives the seconds per unit of every round; the first is compared with.
        rounds: How often they take turns if nobody says otherwise.
        unit: What is counted.
        names: What documents call them; who is not named keeps the name of the contest.
        apart: Who does only a part of the work, and is not compared.
    """

    measure: Callable[[int], Seconds]
    rounds: int
    unit: str
    names: Mapping[str, str]
    apart: str = ""

    def name(self, contestant: str) -> str:
        """What documents call somebody; ours are in bold."""
        return self.names.get(contestant, contestant)


def _frames(width: int, height: int, samples: int) -> Callable[[int], Seconds]:
    engines = {"raster": samples, "workbench": 1}
    return lambda rounds: frame_rate.measure(ENV_ID, (width, height), engines, ("rgb",), rounds, steps=50)


_ENGINES = {
    "raw Workbench loop, rgb, not read": "raw Workbench loop: rendered inside Blender, not even read back",
    "one env, raster, 4 samples": "**one environment, `raster`, 4 samples a pixel**",
    "two envs, raster, 4 samples": "**two environments side by side, `raster`**",
    "one env, raster, 1 sample": "**one environment, `raster`, 1 sample a pixel**",
    "two envs, raster, 1 sample": "**two environments side by side, `raster`**",
    "one env, workbench, 1 sample": "one environment, `workbench`",
    "two envs, workbench, 1 sample": "two environments side by side, `workbench`",
}

CONTESTS: dict[ContestName, Contest] = {
    "steps": Contest(
        lambda rounds: step_rate.measure(ENV_ID, rounds, steps=500),
        30,
        "step",
        {
            step_rate.RAW: "raw Blender loop: the scene stepped inside Blender, nothing around it",
            step_rate.REMOTE: "**one remote environment**",
        },
        apart=step_rate.PING,
    ),
    "vectors": Contest(
        lambda rounds: vector_rate.measure(ENV_ID, "state", rounds, steps=3200),
        12,
        "step",
        {
            "raw loop in two processes": "raw Blender loops in two processes, one scene each",
            "16 envs on 2 servers": "**16 environments on 2 servers**",
            "64 envs on 2 servers": "64 environments on 2 servers",
            "one env": "one environment",
            "16 envs, Gymnasium's AsyncVectorEnv": "16 environments, Gymnasium's `AsyncVectorEnv` (16 Blenders)",
            "16 envs, SB3's SubprocVecEnv": "16 environments, stable-baselines3's `SubprocVecEnv` (16 Blenders)",
        },
    ),
    "frames-84": Contest(_frames(84, 84, samples=4), 8, "image", _ENGINES),
    "frames-640": Contest(_frames(640, 480, samples=1), 8, "image", _ENGINES),
}
"""By name."""

SUMMARY: tuple[tuple[ContestName, str], ...] = (
    ("steps", step_rate.RAW), ("steps", step_rate.REMOTE),
    ("vectors", "raw loop in two processes"), ("vectors", "16 envs on 2 servers"), ("vectors", "64 envs on 2 servers"),
    ("vectors", "16 envs, Gymnasium's AsyncVectorEnv"),
    ("frames-84", "raw Workbench loop, rgb, not read"), ("frames-84", "one env, raster, 4 samples"),
)  # fmt: skip
"""What the summary shows, as far as it was measured."""


def detailed(contest: Contest, seconds: Seconds) -> str:
    """A table of Markdown with everybody in a contest."""
    first = next(iter(seconds))
    lines = [f"| | µs per {contest.unit} | {contest.unit}s/s | |", "|---|---|---|---|"]
    for name in seconds:
        duration = statistics.median(seconds[name]) * 1e6
        compared = "" if name == contest.apart else share(seconds, first, name)
        cells = contest.name(name), f"{duration:,.0f}", _rate(seconds, name), compared
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def summarized(measured: Mapping[ContestName, Seconds]) -> str:
    """A table of Markdown with some of several contests."""
    lines = ["| | steps/s | |", "|---|---|---|"]
    for name, contestant in SUMMARY:
        contest, seconds = CONTESTS[name], measured.get(name, {})
        if contestant not in seconds:
            continue
        rate = _rate(seconds, contestant) + ("" if contest.unit == "step" else f" {contest.unit}s/s")
        lines.append(f"| {contest.name(contestant)} | {rate} | {share(seconds, next(iter(seconds)), contestant)} |")
    return "\n".join(lines)


def share(seconds: Seconds, first: str, name: str) -> str:
    """How fast somebody is compared with the first."""
    return f"{statistics.median(seconds[first]) / statistics.median(seconds[name]):.0%}"


def _rate(seconds: Seconds, name: str) -> str:
    """Units per second, to three digits."""
    return f"{float(f'{1 / statistics.median(seconds[name]):.3g}'):,.0f}"
