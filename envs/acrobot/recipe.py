"""How to train the acrobot with PPO of stable-baselines3, and with a student of blendgym."""

from __future__ import annotations

from blendgym.agents.recipes import Recipe

# Exploration that stays the same for some steps swings; noise of single steps averages out.
RECIPES = {
    "state": Recipe(
        total_timesteps=300_000,
        num_envs=16,
        num_servers=2,
        learning_rate=1e-3,
        clip_range=0.2,
        hyperparameters={
            "n_steps": 128,
            "batch_size": 256,
            "n_epochs": 10,
            "gae_lambda": 0.95,
            "gamma": 0.99,
            "use_sde": True,
            "sde_sample_freq": 4,
        },
    ),
}
STUDENTS = {"ppo": {"rollout": 64, "minibatch": 512, "discount": 0.98, "noise_period": 4}}
