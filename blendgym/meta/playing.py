"""Whole meta-episodes under one policy, and the policies that a learned one has to beat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.meta.observations import Observation

ActionFunction = Callable[[NDArray[np.float32]], NDArray[np.float64]]
"""Makes an action of an observation; what it leaves out at the end is 0."""


def play(env: gym.Env[Any, Any], act: ActionFunction, seed: int, start: str = "nominal") -> float:
    """Plays a meta-episode and returns by how much the score of the probe has risen in it.

    Args:
        env: A ``BlendAdaptiveDR-v0`` whose actions are vectors.
        act: What makes an action of each observation.
        seed: The seed of the episode.
        start: Where the distribution begins.
    """
    observation, _ = env.reset(seed=seed, options={"start": start})
    gained, over = 0.0, False
    while not over:
        observation, gain, terminated, truncated, _ = env.step(_padded(act(observation), env))
        gained += float(gain)
        over = terminated or truncated
    return gained


def keep(observation: NDArray[np.float32]) -> NDArray[np.float64]:  # noqa: ARG001
    """The policy whose actions are 0: bounds stay where they are, a frontier keeps to its recipe."""
    return np.empty(0)


def widen(observation: NDArray[np.float32]) -> NDArray[np.float64]:
    """The policy that widens the bounds of all parameters as fast as they go."""
    return np.tile([-1.0, 1.0], len(Observation.from_flat(observation).parameters))


def at_random(generator: np.random.Generator, size: int) -> ActionFunction:
    """The policy that draws every action at random.

    Args:
        generator: What it is drawn from.
        size: The length of actions.
    """
    return lambda _: generator.uniform(-1.0, 1.0, size)


def _padded(action: NDArray[np.float64], env: gym.Env[Any, Any]) -> NDArray[np.float32]:
    room = np.zeros(env.action_space.shape or 0, np.float32)
    room[: len(action)] = action
    return room
