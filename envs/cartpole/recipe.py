"""How to train the cart-pole with PPO of stable-baselines3, from its state and from images."""

from __future__ import annotations

from blendgym.agents.networks import SmallCNN
from blendgym.agents.recipes import Recipe

TRACK = {"samples": 16, "intrinsics": [[99.0, 0.0, 39.5], [0.0, 99.0, 16.0], [0.0, 0.0, 1.0]]}
"""The camera narrowed to the track and the pole, 15 pixels for each metre."""

RECIPES = {
    # Short rollouts, large learning rate: the values of rl-baselines3-zoo for Gymnasium's CartPole.
    "state": Recipe(
        total_timesteps=80_000,
        num_envs=16,
        num_servers=2,
        learning_rate=1e-3,
        clip_range=0.2,
        hyperparameters={"n_steps": 64, "batch_size": 256, "n_epochs": 20, "gae_lambda": 0.8, "gamma": 0.98},
    ),
    "rgb": Recipe(
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
}
