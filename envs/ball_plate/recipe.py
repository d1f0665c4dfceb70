"""How to train the ball on the plate with PPO of stable-baselines3."""

from __future__ import annotations

from blendgym.agents.recipes import Recipe

RECIPES = {
    "state": Recipe(
        total_timesteps=300_000,
        num_envs=32,
        num_servers=2,
        learning_rate=1e-3,
        clip_range=0.2,
        hyperparameters={
            "n_steps": 64,
            "batch_size": 512,
            "n_epochs": 10,
            "gae_lambda": 0.9,
            "gamma": 0.98,
            "policy_kwargs": {"net_arch": [128, 128], "log_std_init": -0.5},
        },
    ),
}
