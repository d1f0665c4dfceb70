"""How long does learning take, next to Gymnasium's own cart-pole?

The same algorithm with the same settings and the same number of steps, once on ``CartPole-v1`` in process, once on 16
slots of Blender servers.

blendgym bench learning --output bench
"""

from __future__ import annotations

import csv
import statistics
import time
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
from rich.console import Console
from rich.progress import track
from rich.table import Table

from blendgym.arguments import Count, MaybeOutputFolder

NUM_ENVS = 16
THEIRS, OURS = "CartPole-v1", "BlendCartpole-v0"

# The values of rl-baselines3-zoo for CartPole-v1, on twice as many environments.
HYPERPARAMETERS: dict[str, Any] = {
    "n_steps": 32,
    "batch_size": 256,
    "n_epochs": 20,
    "gae_lambda": 0.8,
    "gamma": 0.98,
    "ent_coef": 0.0,
}
LEARNING_RATE, CLIP_RANGE = 1e-3, 0.2


class Run(NamedTuple):
    """One training.

    Args:
        env_id: What was learnt.
        seed: Of environments and algorithm.
        seconds: From the first launch to the trained policy.
        mean_return: Of the deterministic policy over fresh episodes.
    """

    env_id: str
    seed: int
    seconds: float
    mean_return: float


def main(
    steps: Count = 100_000,
    seeds: Count = 5,
    episodes: Count = 20,
    num_servers: Count = 2,
    output: MaybeOutputFolder = None,
) -> None:
    """Measures the wall time of PPO on Gymnasium's cart-pole and on Blender's, in turns, and judges both policies.

    Args:
        steps: Environment steps of a training.
        seeds: How many trainings of each.
        episodes: How many to evaluate a policy on.
        num_servers: How many Blender processes the environments share.
        output: Folder for a CSV, which is written as the trainings end.
    """
    runs: list[Run] = []
    for seed in track(range(seeds), description=f"{seeds} × 2 trainings of {steps:,} steps"):
        for env_id in (THEIRS, OURS):
            runs.append(_train(env_id, seed, steps, episodes, num_servers))
            if output:
                _write(output, runs)
    Console().print(_table(runs))


def _train(env_id: str, seed: int, steps: int, episodes: int, num_servers: int) -> Run:
    import torch
    from stable_baselines3 import PPO

    torch.set_num_threads(1)
    start = time.perf_counter()
    envs = _environments(env_id, seed, num_servers)
    model = PPO(
        "MlpPolicy",
        envs,
        learning_rate=lambda remaining: LEARNING_RATE * remaining,
        clip_range=lambda remaining: CLIP_RANGE * remaining,
        device="cpu",
        seed=seed,
        **HYPERPARAMETERS,
    )
    model.learn(steps)
    seconds = time.perf_counter() - start
    envs.close()
    return Run(env_id, seed, seconds, _mean_return(model, env_id, seed, episodes))


def _environments(env_id: str, seed: int, num_servers: int) -> Any:
    from stable_baselines3.common.env_util import make_vec_env as make_in_process

    from blendgym.agents import make_vec_env

    if env_id == OURS:
        return make_vec_env(env_id, NUM_ENVS, seed, num_servers=num_servers, action_type="discrete")
    return make_in_process(env_id, NUM_ENVS, seed=seed)


def _mean_return(model: Any, env_id: str, seed: int, episodes: int) -> float:
    """On all environments at once, the first episode of each."""
    envs = _environments(env_id, 1_000_000 + seed, 1)
    returns: list[float] = []
    observations = envs.reset()
    while len(returns) < episodes:
        actions, _ = model.predict(observations, deterministic=True)
        observations, _, _, infos = envs.step(actions)
        returns += [info["episode"]["r"] for info in infos if "episode" in info]
    envs.close()
    return statistics.mean(returns[:episodes])


def _write(folder: Path, runs: list[Run]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "learning_race.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Run._fields)
        writer.writerows(runs)


def _table(runs: list[Run]) -> Table:
    made = Table("", "median seconds", "times as long", "mean returns", title=f"PPO, {NUM_ENVS} environments")
    first = statistics.median(run.seconds for run in runs if run.env_id == THEIRS)
    for env_id in (THEIRS, OURS):
        mine = [run for run in runs if run.env_id == env_id]
        median, threshold = statistics.median(run.seconds for run in mine), gym.spec(env_id).reward_threshold or 0.0
        solved = sum(run.mean_return >= threshold for run in mine)
        returns = ", ".join(f"{run.mean_return:.0f}" for run in mine)
        made.add_row(env_id, f"{median:.1f}", f"{median / first:.2f}", f"{returns} (solved: {solved} of {len(mine)})")
    return made
