"""The algorithms of stable-baselines3 that a recipe can name: how they are made, and loaded again."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from stable_baselines3 import PPO, SAC
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.vec_env import VecEnv

from blendgym.agents.imitation import DAgger
from blendgym.agents.recipes import Recipe
from blendgym.agents.run_folder import RunFolder
from blendgym.checks import check_choice
from blendgym.errors import InvalidOption

ALGORITHMS: dict[str, type[BaseAlgorithm]] = {"PPO": PPO, "SAC": SAC, "DAgger": DAgger}

NO_HYPERPARAMETERS = {
    "policy", "env", "tensorboard_log", "device", "seed", "arguments", "supported_action_spaces", "support_multi_env",
    "_init_setup_model",
}  # fmt: skip
"""Arguments of algorithms that recipes say elsewhere, or not at all."""

MOST_REMEMBERED = 1_000_000
"""Steps that SAC has in its memory, as stable-baselines3 has it."""


def make_model(envs: VecEnv, recipe: Recipe, seed: int, log: Path) -> BaseAlgorithm:
    """What a recipe trains.

    Args:
        envs: To train in.
        recipe: How.
        seed: Of everything that is random about it.
        log: Folder for TensorBoard.

    Raises:
        InvalidOption: If there is no such algorithm.
    """
    made = _algorithm(recipe.algorithm)
    return made(
        recipe.policy,
        envs,
        tensorboard_log=str(log),
        device="cpu",
        seed=seed,
        **{**_defaults(recipe), **recipe.hyperparameters},
    )


def check_hyperparameters(recipe: Recipe) -> None:
    """Sees to it that an algorithm has the hyperparameters that a recipe names, before anything begins.

    Raises:
        InvalidOption: If there is no such algorithm, or it has no such hyperparameter.
    """
    made = _algorithm(recipe.algorithm)
    inherited = inspect.signature(BaseAlgorithm).parameters if made is DAgger else {}
    known = {*inspect.signature(made).parameters, *inherited} - NO_HYPERPARAMETERS
    for name in recipe.hyperparameters:
        if name not in known:
            raise InvalidOption(
                f"The recipe has a hyperparameter {name!r}, which {recipe.algorithm} has not; it has "
                f"{', '.join(sorted(known))}."
            )


def load_model(folder: RunFolder, envs: VecEnv | None = None) -> BaseAlgorithm:
    """What a run has trained.

    Args:
        folder: The folder of the run.
        envs: To go on training in.
    """
    return _algorithm(folder.recipe()["algorithm"]).load(folder.model, envs, device="cpu")


def _defaults(recipe: Recipe) -> dict[str, Any]:
    """PPO and DAgger settle down by rates that fall; SAC keeps learning, and remembers every step of the training."""
    if recipe.algorithm == "SAC":
        remembered = min(recipe.total_timesteps, MOST_REMEMBERED)  # A checkpoint has room for so many, empty or not.
        return {"learning_rate": recipe.learning_rate, "buffer_size": remembered}
    rates = {"learning_rate": lambda remaining: recipe.learning_rate * remaining}
    if recipe.algorithm == "PPO":
        rates["clip_range"] = lambda remaining: recipe.clip_range * remaining
    return rates


def _algorithm(name: str) -> type[BaseAlgorithm]:
    check_choice("The algorithm of the recipe", name, ALGORITHMS)
    return ALGORITHMS[name]
