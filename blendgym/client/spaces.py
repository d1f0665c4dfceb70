"""Gymnasium's spaces from those of a task."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from blendgym.spaces import Box, Dict, Discrete, MultiDiscrete, Space


def gymnasium_space(space: Space) -> gym.Space[Any]:
    """The Gymnasium space with the same elements."""
    if isinstance(space, Box):
        return gym.spaces.Box(space.lowest, space.highest, space.shape, np.dtype(space.dtype).type)
    if isinstance(space, Dict):
        return gym.spaces.Dict({name: gymnasium_space(each) for name, each in space.spaces.items()})
    if isinstance(space, Discrete):
        return gym.spaces.Discrete(space.n)
    if isinstance(space, MultiDiscrete):
        return gym.spaces.MultiDiscrete(list(space.nvec), np.int64)
    return gym.spaces.MultiBinary(space.n)
