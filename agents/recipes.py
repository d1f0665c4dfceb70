"""How to train each environment: algorithm, parallelism, length, hyperparameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from blendgym.errors import InvalidOption


@dataclass(frozen=True)
class Recipe:
    """One way to solve an environment with stable-baselines3's PPO.

    Args:
        total_timesteps: Steps to train for, over all environments together.
        num_envs: Environments that are stepped in turn, each with a Blender of its own.
        learning_rate: At the beginning; falls linearly to 0.
        clip_range: Of PPO, at the beginning; falls linearly to 0.
        hyperparameters: Further arguments of ``stable_baselines3.PPO``.
    """

    total_timesteps: int
    num_envs: int
    learning_rate: float
    clip_range: float
    hyperparameters: dict[str, Any] = field(default_factory=dict)


RECIPES = {
    # Short rollouts, large learning rate: the values of rl-baselines3-zoo for Gymnasium's CartPole.
    "BlendCartpole-v0": Recipe(
        total_timesteps=80_000,
        num_envs=4,
        learning_rate=1e-3,
        clip_range=0.2,
        hyperparameters={"n_steps": 256, "batch_size": 256, "n_epochs": 20, "gae_lambda": 0.8, "gamma": 0.98},
    ),
}
"""The recipe of every id that has one."""


def recipe_for(env_id: str) -> Recipe:
    """The recipe of an environment.

    Raises:
        InvalidOption: If it has none.
    """
    if env_id not in RECIPES:
        raise InvalidOption(f"There is no recipe for {env_id!r}; there are recipes for {', '.join(RECIPES)}.")
    return RECIPES[env_id]
