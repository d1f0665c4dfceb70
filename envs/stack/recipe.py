"""How to train the stack with PPO of stable-baselines3."""

from __future__ import annotations

from torch.nn import ReLU

from blendgym.agents.recipes import Recipe

# An episode has five decisions, and each is rewarded at once but for the towers that it spoils.
RECIPES = {
    "state": Recipe(
        total_timesteps=60_000,
        num_envs=16,
        num_servers=2,
        learning_rate=2e-3,
        clip_range=0.2,
        hyperparameters={
            "n_steps": 32,
            "batch_size": 256,
            "n_epochs": 20,
            "gae_lambda": 0.9,
            "gamma": 0.95,
            # Exploration by more than a few centimetres lets every tower fall.
            "policy_kwargs": {"log_std_init": -2.0, "activation_fn": ReLU},
        },
    ),
}
