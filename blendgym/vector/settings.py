"""What many environments are made with, in Blender or not, and what one among them is made with."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Protocol

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec

from blendgym.client.observations import Observations
from blendgym.client.randomizer import Randomizer
from blendgym.client.settings import OF_VECTORS
from blendgym.task import Task


class VectorSettings(Protocol):
    """What environments are made with, as far as it concerns many of them.

    Attributes:
        task: The task, for its declarations.
        action_space: The space of one environment's actions.
        observation_space: The space of one environment's observations.
        observations: Puts observations together.
        metadata: Gymnasium's.
        render_mode: Gymnasium's.
    """

    task: Task
    action_space: gym.Space[Any]
    observation_space: gym.Space[Any]
    observations: Observations
    metadata: dict[str, Any]
    render_mode: str | None

    def make_randomizer(self) -> Randomizer:
        """What randomizes one environment."""

    def read_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What ``reset(options=...)`` says of one episode."""


def single_spec(spec: EnvSpec) -> EnvSpec:
    """What ``gym.make`` makes one environment of, where ``gym.make_vec`` has made several of ``spec``."""
    single = copy.deepcopy(spec)
    for name in (*OF_VECTORS, "vectorization_mode"):
        single.kwargs.pop(name, None)
    single.max_episode_steps = single.kwargs.pop("max_episode_steps", single.max_episode_steps)
    return single
