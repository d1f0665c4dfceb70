"""Judging a trained policy: fresh episodes, and a video to look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from rich.progress import track
from stable_baselines3.common.base_class import BaseAlgorithm

from blendgym.agents.algorithms import load_model
from blendgym.agents.run_folder import RunFolder
from blendgym.agents.torch_modes import one_thread
from blendgym.agents.videos import Frame, stride_of, write_video
from blendgym.checks import check_positive
from blendgym.errors import EvaluationFailed
from blendgym.files import write_whole
from blendgym.task import Task, task_class

EVALUATION_SEED = 1_000_000
"""Seed of the first evaluation episode; the seeds of training runs are far below."""


class Played(NamedTuple):
    """What came of an episode.

    Args:
        total: The sum of its rewards: its return.
        success: Whether it is one by the info of its last step.
    """

    total: float
    success: bool


def evaluate(folder: RunFolder, episodes: int, seed: int = EVALUATION_SEED) -> dict[str, Any]:
    """Runs the deterministic policy on fresh episodes, and writes what came of it into the run folder.

    As many environments as the recipe has servers play side by side. An episode is a function of its seed alone, so
    neither their number nor their pace matters.

    Args:
        folder: The folder of a trained run.
        episodes: How many episodes to play.
        seed: The seed of the first episode; those of the next ones follow it.

    Returns:
        Mean, standard deviation and all returns, the share of successes, the mean score (``None`` if the task does not
        say what its returns are worth), the threshold of the environment and whether it is solved.

    Raises:
        InvalidOption: If there are no episodes.
        EvaluationFailed: If it cannot be written, as on a full disk; what was written before stays.
    """
    result = judge(folder, episodes, seed)
    write_result(folder, result)
    return result


def write_result(folder: RunFolder, result: Mapping[str, Any]) -> None:
    """Writes what came of an evaluation into the run folder.

    Raises:
        EvaluationFailed: If it cannot be written, as on a full disk; what was written before stays.
    """
    try:
        write_whole(folder.evaluation, json.dumps(result, indent=2).encode() + b"\n")
    except OSError as error:
        raise EvaluationFailed(
            f"The result could not be written to {folder.evaluation}: {error.strerror}. Make room, and evaluate again."
        ) from error


def judge(folder: RunFolder, episodes: int, seed: int = EVALUATION_SEED) -> dict[str, Any]:
    """Runs the deterministic policy on fresh episodes; see ``evaluate``, which also writes what comes of it."""
    check_positive(episodes=episodes)
    played = _play_side_by_side(folder, range(seed, seed + episodes))
    spec = folder.env_spec()
    returns, threshold = [episode.total for episode in played], spec.reward_threshold
    mean = float(np.mean(returns))
    return {
        "episodes": episodes,
        "first_seed": seed,
        "mean_return": mean,
        "standard_deviation": float(np.std(returns)),
        "success_rate": float(np.mean([episode.success for episode in played])),
        "mean_score": mean_score(task_class(spec.kwargs["task"]), returns),
        "reward_threshold": threshold,
        "solved": threshold is not None and mean >= threshold,
        "returns": returns,
    }


def _play_side_by_side(folder: RunFolder, seeds: Sequence[int]) -> list[Played]:
    """An episode for each seed."""
    model, count = load_model(folder), min(folder.recipe()["num_servers"], len(seeds))
    envs, idle = [folder.make_env() for _ in range(count)], SimpleQueue[gym.Env[Any, Any]]()
    for env in envs:
        idle.put(env)

    def play_one(seed: int) -> Played:
        env = idle.get()
        try:
            return play(env, model, seed)
        finally:
            idle.put(env)

    try:
        with one_thread(), ThreadPoolExecutor(count) as players:
            played = players.map(play_one, seeds)
            return list(track(played, f"Evaluating {len(seeds)} episodes", len(seeds)))
    finally:
        for env in envs:
            env.close()


def mean_score(task: type[Task], returns: list[float]) -> float | None:
    """The mean of returns as scores from 0 to 1; ``None`` if the task does not say what its returns are worth."""
    return float(task.scores(np.array(returns)).mean()) if hasattr(task, "return_range") else None


def record_video(
    folder: RunFolder, file: Path | None = None, width: int = 640, height: int = 360, seed: int = EVALUATION_SEED
) -> Path:
    """Records one episode of the deterministic policy.

    Args:
        folder: The folder of a trained run.
        file: An .mp4, or a .webp or .gif, of at most 25 frames per second; by default ``video.mp4`` in the run folder.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        seed: The seed of the episode.

    Returns:
        The file.

    Raises:
        InvalidOption: If the suffix is none of these; nothing has been played then.
        EvaluationFailed: If it cannot be written, as on a full disk; a file that was there stays.
    """
    file = file or folder.video
    env = folder.make_env(render_mode="rgb_array", render_width=width, render_height=height)
    try:
        rate = float(env.metadata["render_fps"])
        stride, frames, steps = stride_of(file, rate), list[Frame](), 0

        def look() -> None:
            nonlocal steps
            if steps % stride == 0:
                frames.append(env.render())  # type: ignore[arg-type]  # An image: that is its render mode.
            steps += 1

        play(env, load_model(folder), seed, after_each=look)
    finally:
        env.close()
    write_video(file, frames, rate / stride)
    return file


def play(
    env: gym.Env[Any, Any], model: BaseAlgorithm, seed: int, parameters: Mapping[str, float] | None = None,
    after_each: Callable[[], None] = lambda: None,
) -> Played:  # fmt: skip
    """Plays one episode with the most probable actions, on one thread.

    Args:
        env: To play in.
        model: What acts.
        seed: The seed of the episode.
        parameters: The values of the parameters that are not nominal, by name.
        after_each: Called after the reset and after each step.
    """
    observation, info = env.reset(seed=seed, options={"params": dict(parameters or {})})
    total, ended = 0.0, False
    after_each()
    with one_thread():
        while not ended:
            action, _ = model.predict(observation, deterministic=True)
            observation, reward, terminated, truncated, info = env.step(action)
            total += float(reward)
            ended = terminated or truncated
            after_each()
    return Played(total, info["is_success"])
