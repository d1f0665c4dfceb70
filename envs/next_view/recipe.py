"""How to train the next view with PPO of stable-baselines3, from the state and from images."""

from __future__ import annotations

from blendgym.agents.networks import SmallCNN
from blendgym.agents.recipes import Recipe

RECIPES = {
    "state": Recipe(
        total_timesteps=60_000,
        num_envs=16,
        num_servers=2,
        learning_rate=1e-3,
        clip_range=0.2,
        hyperparameters={
            "n_steps": 32,
            "batch_size": 128,
            "n_epochs": 10,
            "gae_lambda": 0.95,
            "gamma": 0.98,
            "policy_kwargs": {"log_std_init": -0.7},
        },
    ),
    # Four images tell where the camera has been.
    "rgb": Recipe(
        total_timesteps=100_000,
        num_envs=8,
        num_servers=2,
        learning_rate=5e-4,
        clip_range=0.2,
        policy="CnnPolicy",
        env_arguments={"obs_type": "rgb", "width": 84, "height": 84},
        frames=4,
        num_threads=2,
        hyperparameters={
            "n_steps": 64,
            "batch_size": 128,
            "n_epochs": 6,
            "gae_lambda": 0.95,
            "gamma": 0.98,
            "policy_kwargs": {"features_extractor_class": SmallCNN, "log_std_init": -0.7},
        },
    ),
}
