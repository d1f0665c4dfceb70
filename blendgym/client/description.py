"""What can be said of an environment without a Blender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gymnasium as gym

from blendgym.client.settings import Settings
from blendgym.parameters import ParameterSpace
from blendgym.registry import environment_spec


@dataclass(frozen=True)
class Description:
    """What an environment that is made with some arguments is like.

    Args:
        id: Of the environment.
        observation_space: Of one environment.
        action_space: Of one environment.
        metadata: Gymnasium's.
        max_episode_steps: After how many steps an episode is truncated; ``None`` for never.
        reward_threshold: Mean return from which it counts as solved; ``None`` if that cannot be said.
        parameters: All that can be randomized.
        keyboard: Actions by key, for people who play; empty if the task has none.
    """

    id: str
    observation_space: gym.Space[Any]
    action_space: gym.Space[Any]
    metadata: dict[str, Any]
    max_episode_steps: int | None
    reward_threshold: float | None
    parameters: ParameterSpace
    keyboard: Mapping[str, Any]


def describe(env_id: str, **arguments: Any) -> Description:
    """Says what an environment is like; see ``blendgym.describe``."""
    spec = environment_spec(env_id)
    settings = Settings(**{**spec.kwargs, **arguments})
    settings.refuse_unseen()
    return Description(
        id=spec.id,
        observation_space=settings.observation_space,
        action_space=settings.action_space,
        metadata=settings.metadata,
        max_episode_steps=spec.max_episode_steps,
        reward_threshold=spec.reward_threshold,
        parameters=settings.task.parameters,
        keyboard=settings.task.keyboard,
    )
