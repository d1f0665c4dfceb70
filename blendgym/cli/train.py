"""``blendgym train``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console


def train(
    env_id: Annotated[str, tyro.conf.Positional] = "BlendCartpole-v0",
    /,
    obs_type: str | None = None,
    seed: int = 0,
    total_timesteps: int | None = None,
    scene: str | None = None,
    output: Path = Path("runs"),
) -> None:
    """Trains by the environment's recipe, with stable-baselines3, into a run folder.

    Args:
        env_id: Id of the environment.
        obs_type: What the agent sees, such as "state" or "rgb"; by default what the environment shows.
        seed: Seed of the environments and of the algorithm.
        total_timesteps: Steps to train for, instead of the recipe's.
        scene: A .blend in place of the environment's own scene.
        output: Where the run folder is made.
    """
    from blendgym.agents.recipes import recipe_for
    from blendgym.agents.training import train as train_by_recipe

    recipe = recipe_for(env_id, obs_type)
    if total_timesteps:
        recipe = dataclasses.replace(recipe, total_timesteps=total_timesteps)
    if scene:
        recipe = dataclasses.replace(recipe, env_arguments={**recipe.env_arguments, "scene": scene})
    folder = train_by_recipe(env_id, recipe, seed, output)
    Console().print(f"Trained for {recipe.total_timesteps:,} steps: {folder.path}", soft_wrap=True)
