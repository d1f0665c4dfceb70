"""How to train the stack with PPO of stable-baselines3."""

from __future__ import annotations

from blendgym.agents.recipes import Recipe

# An episode has five decisions, and each is rewarded at once but for the towers that it spoils.
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
            "gae_lambda": 0.9,
            "gamma": 0.9,
            "policy_kwargs": {"log_std_init": -0.7},
        },
    ),
}
