"""How to train the rover: from its state by PPO; from images it learns to drive as the pilot does (DAgger)."""

from __future__ import annotations

from blendgym.agents.imitators import Imitator
from blendgym.agents.networks import SmallCNN
from blendgym.agents.recipes import Recipe
from blendgym.envs.rover.pilot import Pilot

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
    # The pilot sees the state. Two images show where the rover goes.
    "rgb": Recipe(
        total_timesteps=32_000,
        num_envs=32,
        num_servers=2,
        learning_rate=1e-3,
        algorithm="DAgger",
        policy=Imitator,
        env_arguments={"obs_type": "rgb", "width": 64, "height": 48},
        expert_sees="state",
        frames=2,
        hyperparameters={
            "expert": Pilot,
            "n_steps": 100,
            "gradient_steps": 400,
            "batch_size": 128,
            "policy_kwargs": {"features_extractor_class": SmallCNN, "net_arch": (256,)},
        },
    ),
}
