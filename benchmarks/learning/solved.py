"""What do the recipes of the suite make of its environments, over several seeds?

blendgym bench solved -o solved                                # trains what is missing: hours
blendgym bench solved BlendPendulum-v0 --seeds 5 -o solved
blendgym bench solved --runs trained_elsewhere --no-train -o solved

Run folders that are finished are kept, so a command that was interrupted goes on. Several commands may share a folder
if they train different environments.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import tyro
from rich.console import Console
from rich.markdown import Markdown

from blendgym.arguments import Count, EnvironmentId, OutputFolder, refuse_without_effect
from blendgym.benchmarks.learning.solved_runs import SolvedRun, read_runs
from blendgym.errors import InvalidOption
from blendgym.execute.cluster import LOCAL, connected_cluster
from blendgym.registry import environment_spec, suite_rooms
from blendgym.task import task_class

RANDOM_SEED = 2_000_000
"""Of the first episode of the random policy; those of evaluations are far below."""


def main(
    env_ids: tyro.conf.Positional[tuple[EnvironmentId, ...]] = (),
    obs_type: str | None = None,
    seeds: Count = 3,
    episodes: Count = 100,
    runs: Path | None = None,
    train: bool = True,
    execute: str = LOCAL,
    output: OutputFolder = Path("runs/solved"),
) -> None:
    """Trains by the recipes over seeds, evaluates, and writes a table (solved.md, solved.csv) and curves (solved.png).

    Args:
        env_ids: Environments; by default all of the suite that have a recipe.
        obs_type: What is seen in training, such as "state" or "rgb"; by default what each environment shows.
        seeds: Of each environment: 0, 1, 2, …
        episodes: In which each run is evaluated, and the random policy beside it.
        runs: Folder of the run folders; by default "runs" in the output folder.
        train: Whether to train what is missing; otherwise the runs that are there are reported.
        execute: Where the Blenders are that runs are trained and evaluated in: local, ray or ray:HOST:PORT.
        output: Folder for table, curves and what the random policy does.
    """
    if not train:
        refuse_without_effect(main, "with --no-train", seeds=seeds, obs_type=obs_type, execute=execute)
    from blendgym.benchmarks.learning.solved_report import write_report

    cluster = connected_cluster(execute)
    home = runs or output / "runs"
    if train:
        for env_id in env_ids or _trainable(obs_type):
            _train_missing(env_id, obs_type, seeds, home, {"execute": execute} if cluster else {})
    finished = [run for run in read_runs(home) if not env_ids or run.env_id in env_ids]
    if not finished:
        raise InvalidOption(f"There is no finished run in {home}; leave out --no-train to train some.")
    for run in finished:
        _evaluate_if_missing(run, episodes)
    output.mkdir(parents=True, exist_ok=True)
    by_chance = _random_returns(dict.fromkeys(run.env_id for run in finished), episodes, output / "random.json")
    table = write_report(output, finished, by_chance)
    Console().print(Markdown(table))


def _trainable(obs_type: str | None) -> list[str]:
    """The suite's environments that have a recipe for what is seen.

    Raises:
        InvalidOption: If there is none.
    """
    from blendgym.agents.recipes import recipes_of

    suite = suite_rooms()
    ids = [room.id for room in suite if (obs_type or room.arguments.get("obs_type", "state")) in recipes_of(room)]
    if not ids:
        raise InvalidOption(f"There is no environment with a recipe for --obs-type {obs_type}.")
    return ids


def _train_missing(env_id: str, obs_type: str | None, seeds: int, home: Path, where: Mapping[str, str]) -> None:
    from blendgym.agents.recipes import recipe_for
    from blendgym.agents.training import train

    recipe, console = recipe_for(env_id, obs_type), Console()
    observes = recipe.env_arguments.get("obs_type", "state")
    recipe = replace(recipe, env_arguments={**recipe.env_arguments, **where})
    there = {run.seed for run in read_runs(home) if (run.env_id, run.observes) == (env_id, observes)}
    for seed in sorted(set(range(seeds)) - there):
        console.print(f"Training {env_id} with seed {seed}")
        train(env_id, recipe, seed, home, progress=console.is_terminal)


def _evaluate_if_missing(run: SolvedRun, episodes: int) -> None:
    from blendgym.agents.evaluation import evaluate

    if run.evaluation.get("episodes", 0) < episodes:
        evaluate(run.folder, episodes)


def _random_returns(env_ids: Sequence[str] | dict[str, Any], episodes: int, file: Path) -> dict[str, Any]:
    """What uniformly random actions lead to, from a file or into it."""
    known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    for env_id in env_ids:
        if known.get(env_id, {}).get("episodes", 0) < episodes:
            known[env_id] = _play_randomly(env_id, episodes)
            file.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    return known


def _play_randomly(env_id: str, episodes: int) -> dict[str, Any]:
    spec = environment_spec(env_id)
    spec.kwargs["obs_type"] = "state"  # Nobody looks.
    env, returns, successes = gym.make(spec), [], []
    env.action_space.seed(RANDOM_SEED)
    for number in range(episodes):
        env.reset(seed=RANDOM_SEED + number)
        total, over = 0.0, False
        while not over:
            _, reward, terminated, truncated, info = env.step(env.action_space.sample())
            total += float(reward)
            over = terminated or truncated
        returns.append(total)
        successes.append(info["is_success"])
    env.close()
    scores = task_class(spec.kwargs["task"]).scores(np.array(returns))
    return {
        "episodes": episodes,
        "mean_return": float(np.mean(returns)),
        "mean_score": float(scores.mean()),
        "success_rate": float(np.mean(successes)),
    }
