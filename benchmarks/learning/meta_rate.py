"""How long does a step of the meta-environment take?

blendgym bench meta
"""

from __future__ import annotations

import time
from typing import Literal, NamedTuple

import gymnasium as gym
import numpy as np
from rich.console import Console
from rich.table import Table

from blendgym.arguments import Count

PARAMETERS = ("cart.mass", "pole.mass", "pole.length", "force.scale", "start.spread", "action.latency")
BOUND = 0.2  # s


class Rate(NamedTuple):
    """What a step of one student takes, medians over its training.

    Args:
        student: By name.
        seconds: Wall time of a step, the probe included.
        processor_seconds: Of the processor; less where other processes have a share of it.
        charged_steps: Environment steps that the student used.
    """

    student: str
    seconds: float
    processor_seconds: float
    charged_steps: float


def main(students: tuple[Literal["field", "ars", "ppo"], ...] = ("field", "ars"), actions: Count = 40) -> None:
    """Measures steps of BlendAdaptiveDR-v0 on the cart-pole with six parameters, while the distribution grows.

    Args:
        students: Names of the students to measure.
        actions: How many steps of the meta-environment.
    """
    table = Table(
        "student", "ms per meta-step", "of the processor", "charged steps", title="BlendAdaptiveDR-v0, medians"
    )
    for rate in (measure(student, actions) for student in students):
        verdict = "" if rate.seconds < BOUND else f" (above {BOUND * 1e3:.0f})"
        times = f"{rate.seconds * 1e3:.0f}{verdict}", f"{rate.processor_seconds * 1e3:.0f}"
        table.add_row(rate.student, *times, f"{rate.charged_steps:,.0f}")
    Console().print(table)


def measure(student: str, actions: int) -> Rate:
    """Plays one meta-episode."""
    env = gym.make("BlendAdaptiveDR-v0", student=student, randomize=PARAMETERS, actions_per_episode=actions)
    env.reset(seed=0)
    growth = np.tile(np.array([-0.2, 0.2], np.float32), len(PARAMETERS))
    seen: list[tuple[float, ...]] = [(time.perf_counter(), time.process_time(), 0)]
    over = False
    while not over:
        _, _, terminated, truncated, info = env.step(growth)
        seen.append((time.perf_counter(), time.process_time(), info["charged_steps"]))
        over = terminated or truncated
    env.close()
    return Rate(student, *np.median(np.diff(np.array(seen), axis=0), axis=0).tolist())
