"""Gymnasium's spaces from those of a task."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from blendgym.spaces import Box, Space


def gymnasium_space(space: Space) -> gym.Space[Any]:
    """The Gymnasium space with the same elements."""
    if isinstance(space, Box):
        return gym.spaces.Box(space.lowest, space.highest, space.shape, np.dtype(space.dtype).type)
    return gym.spaces.Discrete(space.n)
