"""Steps many environments without Blender, as it is asked to: twins, or Gymnasium's vectorized cart-pole."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import gymnasium as gym
import numpy as np

from blendgym.benchmarks.contest import answer_questions
from blendgym.registry import rooms
from blendgym.twins.making import make_twin
from blendgym.twins.twin import Rows


def stepper(env_id: str, groups: list[str], batch: int) -> Callable[[int], float]:
    """The seconds that some steps of single environments take.

    Args:
        env_id: Of an environment with a twin, or of one of Gymnasium's.
        groups: Of the twin's parameters: those that are randomized.
        batch: Environments that are stepped at once.
    """
    return _twin_seconds(env_id, groups, batch) if env_id in rooms() else _gymnasium_seconds(env_id, batch)


def _twin_seconds(env_id: str, groups: list[str], batch: int) -> Callable[[int], float]:
    twin, generator = make_twin(env_id, batch, groups), np.random.default_rng(0)

    def begin(rows: Rows) -> None:
        twin.reset(rows, generator.random((len(rows), len(twin.parameters))), generator)

    begin(np.arange(batch))
    actions = generator.uniform(-1.0, 1.0, (batch, 1)).astype(np.float32)

    def seconds(steps: int) -> float:
        start = time.perf_counter()
        for _ in range(steps // batch):
            _, _, terminated, truncated, _ = twin.step(actions)
            over = (terminated | truncated).nonzero()[0]
            if len(over):
                begin(over)
        return time.perf_counter() - start

    return seconds


def _gymnasium_seconds(env_id: str, batch: int) -> Callable[[int], float]:
    envs = gym.make_vec(env_id, num_envs=batch, vectorization_mode="vector_entry_point")
    envs.reset(seed=0)
    actions = np.random.default_rng(0).integers(2, size=batch)

    def seconds(steps: int) -> float:
        start = time.perf_counter()
        for _ in range(steps // batch):
            envs.step(actions)
        return time.perf_counter() - start

    return seconds


if __name__ == "__main__":
    _, env_id, batch, *groups = sys.argv
    answer_questions(stepper(env_id, groups, int(batch)))
