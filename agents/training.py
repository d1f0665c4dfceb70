"""Training by a recipe, into a run folder, and going on with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import torch
from gymnasium.envs.registration import EnvSpec
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback, ProgressBarCallback
from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
from stable_baselines3.common.vec_env import VecEnv, VecFrameStack

from blendgym.agents.adaptive import is_adaptive
from blendgym.agents.algorithms import check_hyperparameters, load_model, make_model
from blendgym.agents.checkpoints import Checkpoints, Progress, progress_of, restore_envs
from blendgym.agents.curriculum import CurriculumCallback
from blendgym.agents.freed_memory import keep_freed_memory
from blendgym.agents.plots import plot_learning_curve
from blendgym.agents.recipes import Recipe
from blendgym.agents.run_folder import RunFolder
from blendgym.agents.student_view import StudentView
from blendgym.agents.vec_env import make_vec_env
from blendgym.checks import LARGEST_SEED, check_positive, is_integer
from blendgym.errors import InvalidOption, TrainingFailed
from blendgym.parameters.draws import keyed_generator
from blendgym.registry import environment_spec


def train(env_id: str, recipe: Recipe, seed: int, root: Path, progress: bool = True) -> RunFolder:
    """Trains and leaves a run folder; whatever interrupts it, ``resume`` goes on from the last checkpoint.

    Args:
        env_id: Id of the environment.
        recipe: How to train it.
        seed: The seed of environments and algorithm.
        root: Folder in which the run's folder is made.
        progress: Whether to show a progress bar.

    Raises:
        InvalidOption: If there is nothing to train for, the algorithm has no hyperparameter that the recipe names, the
            seed is none, or the folder cannot be made.
        TrainingFailed: If the disk is full or fails; the message says what is kept.
    """
    check_positive(total_timesteps=recipe.total_timesteps)
    check_hyperparameters(recipe)
    if not (is_integer(seed) and 0 <= seed <= LARGEST_SEED):
        raise InvalidOption(f"seed is {seed!r:.80}; expected an integer from 0 to {LARGEST_SEED:,}.")
    folder = RunFolder.new(root, env_id, seed)
    with _failures(folder):
        try:
            envs, model = _begun(env_id, recipe, seed, folder)
        except BaseException:
            shutil.rmtree(folder.path)  # A run that has not begun is none.
            raise
        with closing(envs):
            _learn(model, folder, Checkpoints(folder, recipe.total_timesteps), progress)
    return folder


def resume(path: Path, progress: bool = True) -> RunFolder:
    """Goes on with a run from its last checkpoint, with the same settings, up to the steps of its recipe.

    Episodes that were under way begin anew, with seeds of their own. A run that has come to its end stays as it is.

    Args:
        path: Its folder.
        progress: Whether to show a progress bar.

    Raises:
        InvalidOption: If there is no such run, it has no checkpoint, or its algorithm remembers what no checkpoint has.
        TrainingFailed: If the disk is full or fails; the message says what is kept.
    """
    folder = RunFolder.existing(path)
    recipe, reached = folder.recipe(), progress_of(folder)
    if recipe["algorithm"] == "DAgger":
        raise InvalidOption(f"{path} is a run of DAgger, whose data set is not kept; begin anew.")
    with _failures(folder):
        if reached.steps < recipe["total_timesteps"]:
            _go_on(folder, recipe, reached, progress)
        elif not folder.training.exists():  # There was no room for it.
            folder.record_training(reached.steps, reached.minutes)
            plot_learning_curve(folder, folder.env_spec().id)
    return folder


def _begun(env_id: str, recipe: Recipe, seed: int, folder: RunFolder) -> tuple[VecEnv, BaseAlgorithm]:
    """Environments, and what is to be trained in them."""
    envs = _environments(env_id, vars(recipe), seed, folder.path)
    try:
        model = make_model(envs, recipe, seed, folder.tensorboard)
        folder.record(_spec(env_id, recipe), envs.get_attr("welcome")[0], recipe, seed)
    except BaseException:
        envs.close()
        raise
    return envs, model


def _go_on(folder: RunFolder, recipe: Mapping[str, Any], reached: Progress, progress: bool) -> None:
    """Trains from a checkpoint on."""
    seed = int(keyed_generator(recipe["seed"], f"resumed after {reached.steps}").integers(2**31))
    with closing(_environments(folder.env_spec().id, recipe, seed, None)) as envs:
        restore_envs(folder, envs, reached)
        model = load_model(folder, envs)
        model.set_random_seed(seed)
        if isinstance(model, OffPolicyAlgorithm):
            model.load_replay_buffer(folder.replay_buffer)
        _learn(model, folder, Checkpoints(folder, recipe["total_timesteps"], reached.minutes), progress)


def _learn(model: BaseAlgorithm, folder: RunFolder, checkpoints: Checkpoints, progress: bool) -> None:
    """Trains up to the steps of the recipe, and keeps what there is, however that ends."""
    recipe = folder.recipe()
    torch.set_num_threads(recipe["num_threads"])
    keep_freed_memory()
    callbacks: list[BaseCallback] = [checkpoints]
    if is_adaptive(recipe["randomize"]):
        callbacks.append(CurriculumCallback())
    if progress:
        callbacks.append(ProgressBarCallback())
    try:
        steps = recipe["total_timesteps"] - model.num_timesteps
        model.learn(steps, callback=callbacks, reset_num_timesteps=not model.num_timesteps)
        folder.record_training(model.num_timesteps, checkpoints.minutes)
    except BaseException as error:
        error.add_note(_what_is_kept(folder, recipe, model.num_timesteps))
        raise
    finally:
        checkpoints.keep(model)
        plot_learning_curve(folder, folder.env_spec().id)


@contextmanager
def _failures(folder: RunFolder) -> Iterator[None]:
    """Says of what a disk does not take what is kept of a run.

    Raises:
        TrainingFailed: In place of the error of the disk.
    """
    try:
        yield
    except BrokenPipeError:  # Nobody reads what is said of the progress.
        raise
    except OSError as error:
        raise TrainingFailed(
            f"The run could not be written to {folder.path}: {error.strerror or error}. {_what_is_left(folder)}"
        ) from error


def _what_is_left(folder: RunFolder) -> str:
    if not folder.path.exists():
        return "It had not begun; make room, and begin it anew."
    if not folder.checkpoint.exists():
        return "Nothing that was learnt is kept, as there was no checkpoint yet; make room, and begin anew."
    return f"{_what_is_kept(folder, folder.recipe(), progress_of(folder).steps)} Make room before."


def _what_is_kept(folder: RunFolder, recipe: Mapping[str, Any], steps: int) -> str:
    kept = f"What was learnt in {steps:,} of {recipe['total_timesteps']:,} steps is kept in {folder.path}."
    if recipe["algorithm"] == "DAgger":
        return kept
    return f"{kept} To go on: blendgym train --resume {folder.path}"


def _environments(env_id: str, recipe: Mapping[str, Any], seed: int, monitor_dir: Path | None) -> VecEnv:
    arguments, hidden = recipe["env_arguments"], recipe["expert_sees"]
    shown = arguments.get("obs_type", "state")
    if hidden:
        arguments = {**arguments, "obs_type": f"{hidden}_{shown}"}
    envs = make_vec_env(
        env_id, recipe["num_envs"], seed, monitor_dir=monitor_dir, env_kwargs=arguments,
        num_servers=recipe["num_servers"], randomize=recipe["randomize"],
    )  # fmt: skip
    if hidden:
        envs = StudentView(envs, shown, hidden)
    return VecFrameStack(envs, recipe["frames"]) if recipe["frames"] else envs


def _spec(env_id: str, recipe: Recipe) -> EnvSpec:
    spec = environment_spec(env_id)
    spec.kwargs.update(recipe.env_arguments)
    return spec
