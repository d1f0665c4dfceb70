"""How to train the rover with PPO of stable-baselines3, from its state and from images."""

from __future__ import annotations

from blendgym.agents.networks import SmallCNN
from blendgym.agents.recipes import Recipe

RECIPES = {
    "state": Recipe(
        total_timesteps=200_000,
        num_envs=16,
        num_servers=2,
        learning_rate=1e-3,
        clip_range=0.2,
        env_arguments={"obs_type": "state"},
        hyperparameters={
            "n_steps": 128,
            "batch_size": 256,
            "n_epochs": 10,
            "gae_lambda": 0.95,
            "gamma": 0.98,
            "policy_kwargs": {"log_std_init": -0.5},
        },
    ),
    "rgb": Recipe(
        total_timesteps=500_000,
        num_envs=16,
        num_servers=4,
        learning_rate=5e-4,
        clip_range=0.2,
        policy="CnnPolicy",
        env_arguments={"obs_type": "rgb", "width": 64, "height": 48},
        frames=3,
        num_threads=2,
        hyperparameters={
            "n_steps": 128,
            "batch_size": 256,
            "n_epochs": 4,
            "gae_lambda": 0.95,
            "gamma": 0.98,
            "policy_kwargs": {"features_extractor_class": SmallCNN, "log_std_init": -0.5},
        },
    ),
}
