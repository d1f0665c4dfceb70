"""How to train each environment: algorithm, parallelism, length, hyperparameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from blendgym.agents.networks import SmallCNN
from blendgym.errors import InvalidOption


@dataclass(frozen=True)
class Recipe:
    """One way to solve an environment with stable-baselines3's PPO.

    Args:
        total_timesteps: Steps to train for, over all environments together.
        num_envs: Environments.
        num_servers: Blender processes that they share.
        learning_rate: At the beginning; falls linearly to 0.
        clip_range: Of PPO, at the beginning; falls linearly to 0.
        policy: Of stable-baselines3.
        env_arguments: What the environment is made with.
        frames: How many images are seen at once, the latest last; 0 leaves observations as they are.
        num_threads: Of torch. Small networks are better off with one, and leave the other cores to Blender.
        hyperparameters: Further arguments of ``stable_baselines3.PPO``.
    """

    total_timesteps: int
    num_envs: int
    num_servers: int
    learning_rate: float
    clip_range: float
    policy: str = "MlpPolicy"
    env_arguments: dict[str, Any] = field(default_factory=dict)
    frames: int = 0
    num_threads: int = 1
    hyperparameters: dict[str, Any] = field(default_factory=dict)


TRACK = {"samples": 16, "intrinsics": [[99.0, 0.0, 39.5], [0.0, 99.0, 16.0], [0.0, 0.0, 1.0]]}
"""The cart-pole's camera narrowed to the track and the pole, 15 pixels for each metre."""

RECIPES: dict[tuple[str, str], Recipe] = {
    # Short rollouts, large learning rate: the values of rl-baselines3-zoo for Gymnasium's CartPole.
    ("BlendCartpole-v0", "state"): Recipe(
        total_timesteps=80_000,
        num_envs=16,
        num_servers=2,
        learning_rate=1e-3,
        clip_range=0.2,
        hyperparameters={"n_steps": 64, "batch_size": 256, "n_epochs": 20, "gae_lambda": 0.8, "gamma": 0.98},
    ),
    ("BlendCartpole-v0", "rgb"): Recipe(
        total_timesteps=300_000,
        num_envs=4,
        num_servers=2,
        learning_rate=5e-4,
        clip_range=0.2,
        policy="CnnPolicy",
        env_arguments={"obs_type": "rgb", "width": 80, "height": 28, "camera_options": TRACK},
        frames=3,
        num_threads=2,
        hyperparameters={
            "n_steps": 256,
            "batch_size": 256,
            "n_epochs": 6,
            "gae_lambda": 0.9,
            "gamma": 0.98,
            "policy_kwargs": {"features_extractor_class": SmallCNN, "log_std_init": -0.5},
        },
    ),
    # Exploration that stays the same for some steps swings; noise of single steps averages out.
    ("BlendCartpoleSwingup-v0", "state"): Recipe(
        total_timesteps=500_000,
        num_envs=16,
        num_servers=2,
        learning_rate=1e-3,
        clip_range=0.2,
        hyperparameters={
            "n_steps": 256,
            "batch_size": 512,
            "n_epochs": 10,
            "gae_lambda": 0.95,
            "gamma": 0.99,
            "use_sde": True,
            "sde_sample_freq": 4,
        },
    ),
    ("BlendPendulum-v0", "state"): Recipe(
        total_timesteps=300_000,
        num_envs=64,
        num_servers=2,
        learning_rate=3e-3,
        clip_range=0.2,
        hyperparameters={
            "n_steps": 64,
            "batch_size": 1024,
            "n_epochs": 10,
            "gae_lambda": 0.95,
            "gamma": 0.97,
            "use_sde": True,
            "sde_sample_freq": 4,
        },
    ),
}
"""The recipe of every id and observation type that has one."""


def recipe_for(env_id: str, obs_type: str = "state") -> Recipe:
    """The recipe of an environment.

    Raises:
        InvalidOption: If it has none.
    """
    if (env_id, obs_type) not in RECIPES:
        known = ", ".join(f"{name} from {seen}" for name, seen in RECIPES)
        raise InvalidOption(
            f"There is no recipe for {env_id!r} from {obs_type}; there are recipes for {known}. To train another, see "
            "blendgym.agents.make_vec_env."
        )
    return RECIPES[env_id, obs_type]
