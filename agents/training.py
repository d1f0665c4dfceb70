"""Training by a recipe, into a run folder."""

from __future__ import annotations

import time
from pathlib import Path

import torch
from gymnasium.envs.registration import EnvSpec
from stable_baselines3.common.callbacks import ProgressBarCallback
from stable_baselines3.common.vec_env import VecEnv, VecFrameStack

from blendgym.agents.algorithms import make_model
from blendgym.agents.plots import plot_learning_curve
from blendgym.agents.recipes import Recipe
from blendgym.agents.run_folder import RunFolder
from blendgym.agents.student_view import StudentView
from blendgym.agents.vec_env import make_vec_env
from blendgym.registry import environment_spec


def train(env_id: str, recipe: Recipe, seed: int, root: Path, progress: bool = True) -> RunFolder:
    """Trains and leaves a run folder; whatever interrupts it, the model and the curve up to there are kept.

    Args:
        env_id: Id of a registered environment.
        recipe: How to train it.
        seed: The seed of environments and algorithm.
        root: Folder in which the run's folder is made.
        progress: Whether to show a progress bar.
    """
    torch.set_num_threads(recipe.num_threads)
    folder = RunFolder.new(root, env_id, seed)
    envs = _environments(env_id, recipe, seed, folder)
    try:
        model = make_model(envs, recipe, seed, folder.tensorboard)
        folder.record(_spec(env_id, recipe), envs.get_attr("welcome")[0], recipe, seed)
        start = time.monotonic()
        try:
            model.learn(recipe.total_timesteps, callback=ProgressBarCallback() if progress else None)
            folder.record_training(model.num_timesteps, (time.monotonic() - start) / 60)
        finally:
            model.save(folder.model)
            plot_learning_curve(folder, env_id)
    finally:
        envs.close()
    return folder


def _environments(env_id: str, recipe: Recipe, seed: int, folder: RunFolder) -> VecEnv:
    arguments, shown, hidden = recipe.env_arguments, recipe.env_arguments.get("obs_type", "state"), recipe.expert_sees
    if hidden:
        arguments = {**arguments, "obs_type": f"{hidden}_{shown}"}
    envs: VecEnv = make_vec_env(
        env_id, recipe.num_envs, recipe.num_servers, seed=seed, monitor_file=folder.monitor, randomize=recipe.randomize,
        **arguments,
    )  # fmt: skip
    if hidden:
        envs = StudentView(envs, shown, hidden)
    return VecFrameStack(envs, recipe.frames) if recipe.frames else envs


def _spec(env_id: str, recipe: Recipe) -> EnvSpec:
    spec = environment_spec(env_id)
    spec.kwargs.update(recipe.env_arguments)
    return spec
