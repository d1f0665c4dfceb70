"""Whole meta-episodes under one policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.meta.observations import Observation

ActionFunction = Callable[[Observation], Any]


def play(env: gym.Env[Any, Any], act: ActionFunction, seed: int, start: str = "nominal") -> float:
    """Plays a meta-episode and returns by how much the score of the probe has risen in it.

    Args:
        env: A ``BlendAdaptiveDR-v0`` with the action option ``"bounds"``.
        act: What makes of an observation the change of the bounds of the parameters that are there.
        seed: The seed of the episode.
        start: Where the distribution begins.
    """
    observation, _ = env.reset(seed=seed, options={"start": start})
    gained, over = 0.0, False
    while not over:
        observation, gain, terminated, truncated, _ = env.step(_padded(act(Observation.from_flat(observation)), env))
        gained += float(gain)
        over = terminated or truncated
    return gained


def keep(observation: Observation) -> NDArray[np.float64]:
    """The policy that changes nothing; begun with the whole cube, that is uniform randomization."""
    return np.zeros(2 * len(observation.parameters))


def at_random(generator: np.random.Generator) -> ActionFunction:
    """The policy that moves all bounds at random."""
    return lambda observation: generator.uniform(-1.0, 1.0, 2 * len(observation.parameters))


def _padded(action: NDArray[np.float64], env: gym.Env[Any, Any]) -> NDArray[np.float32]:
    room = np.zeros(env.action_space.shape or 0, np.float32)
    room[: len(action)] = action
    return room
