"""How to train the reacher with SAC of stable-baselines3."""

from __future__ import annotations

from blendgym.agents.recipes import Recipe

RECIPES = {
    "state": Recipe(
        total_timesteps=50_000,
        num_envs=8,
        num_servers=2,
        learning_rate=5e-4,
        algorithm="SAC",
        hyperparameters={
            "batch_size": 256,
            "gamma": 0.95,
            "train_freq": 1,
            "gradient_steps": 8,
            "learning_starts": 1_000,
            "policy_kwargs": {"net_arch": [128, 128]},
        },
    ),
}
