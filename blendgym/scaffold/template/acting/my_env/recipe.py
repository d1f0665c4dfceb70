"""How `blendgym train` solves it, by what is observed."""

from blendgym.agents.recipes import Recipe

RECIPES = {
    "state": Recipe(
        total_timesteps=50_000,
        num_envs=8,
        num_servers=2,
        learning_rate=2e-3,
        clip_range=0.2,
        hyperparameters={"n_steps": 64, "batch_size": 128, "gamma": 0.95, "gae_lambda": 0.9},
    )
}
