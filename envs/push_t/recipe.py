"""How to train Push-T with PPO of stable-baselines3."""

from __future__ import annotations

from blendgym.agents.recipes import Recipe
from blendgym.envs.push_t.features import InTheFrameOfTheBlock

# Blocks begin anywhere between their goal and as far from it as they may, so that there is always one to succeed with.
RECIPES = {
    "state": Recipe(
        total_timesteps=10_000_000,
        num_envs=128,
        num_servers=2,
        learning_rate=5e-4,
        env_arguments={"action_type": "relative"},
        randomize=["start.spread"],
        hyperparameters={
            "n_steps": 128,
            "batch_size": 4096,
            "n_epochs": 5,
            "gamma": 0.98,
            "policy_kwargs": {
                "features_extractor_class": InTheFrameOfTheBlock,
                "log_std_init": -0.7,
                "net_arch": [256, 256],
            },
        },
    ),
}
