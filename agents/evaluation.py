"""Judging a trained policy: fresh episodes, and a video to look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.wrappers import RecordVideo
from rich.progress import track
from stable_baselines3 import PPO

from blendgym.agents.run_folder import RunFolder
from blendgym.agents.torch_modes import one_thread

EVALUATION_SEED = 1_000_000
"""Seed of the first evaluation episode; the seeds of training runs are far below."""


def evaluate(folder: RunFolder, episodes: int, seed: int = EVALUATION_SEED) -> dict[str, Any]:
    """Runs the deterministic policy on fresh episodes, and writes what came of it into the run folder.

    Args:
        folder: The folder of a trained run.
        episodes: How many episodes to play.
        seed: The seed of the first episode; those of the next ones follow it.

    Returns:
        Mean, standard deviation and all returns, the threshold of the environment and whether it is solved.
    """
    env = folder.make_env()
    try:
        model = PPO.load(folder.model, device="cpu")
        episodes_to_run = track(range(episodes), description=f"Evaluating {episodes} episodes")
        returns = [episode_return(env, model, seed + episode) for episode in episodes_to_run]
    finally:
        env.close()
    threshold = folder.env_spec().reward_threshold
    mean = float(np.mean(returns))
    result = {
        "episodes": episodes,
        "first_seed": seed,
        "mean_return": mean,
        "standard_deviation": float(np.std(returns)),
        "reward_threshold": threshold,
        "solved": threshold is not None and mean >= threshold,
        "returns": returns,
    }
    folder.evaluation.write_text(json.dumps(result, indent=2) + "\n")
    return result


def record_video(folder: RunFolder, seed: int = EVALUATION_SEED) -> Path:
    """Records one episode of the deterministic policy as an MP4 in the run folder."""
    env = folder.make_env(render_mode="rgb_array")
    recorded = RecordVideo(env, str(folder.videos), name_prefix="policy", disable_logger=True)
    try:
        episode_return(recorded, PPO.load(folder.model, device="cpu"), seed)
    finally:
        recorded.close()  # type: ignore[no-untyped-call]  # Gymnasium's own, not typed there
    return folder.videos / "policy-episode-0.mp4"


def episode_return(
    env: gym.Env[Any, Any], model: PPO, seed: int, parameters: Mapping[str, float] | None = None
) -> float:
    """Plays one episode with the most probable actions, on one thread.

    Args:
        env: To play in.
        model: What acts.
        seed: The seed of the episode.
        parameters: The values of the parameters that are not nominal, by name.

    Returns:
        The sum of its rewards.
    """
    observation, _ = env.reset(seed=seed, options={"params": dict(parameters or {})})
    total, ended = 0.0, False
    with one_thread():
        while not ended:
            action, _ = model.predict(observation, deterministic=True)
            observation, reward, terminated, truncated, _ = env.step(action)
            total += float(reward)
            ended = terminated or truncated
    return total
