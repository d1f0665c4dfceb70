"""Training a teacher in the meta-environment, into a folder, next to the references that it has to beat."""

from __future__ import annotations

import csv
import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn, track

import blendgym.envs  # noqa: F401  # registers the id
from blendgym.errors import InvalidOption
from blendgym.meta.curves import Reference, plot_learning_curve
from blendgym.meta.evolution import learn_by_evolution
from blendgym.meta.files import TeacherFile
from blendgym.meta.playing import at_random, keep, play
from blendgym.meta.policies import SharedPolicy

EVALUATION_SEED = 1_000_000
"""Of the first meta-episode that judges; training draws its own."""

LEARNER_NAMES = {"ppo": "PPO", "evolution": "an evolution strategy"}
STUDENT_NAMES = {"field": "competence field", "ars": "random search on a twin", "ppo": "PPO on a twin"}

EnvMaker = Callable[[], gym.Env[Any, Any]]
Learner = Callable[[EnvMaker, int, int, Callable[[float], None]], SharedPolicy]


def train_teacher(
    folder: Path, arguments: Mapping[str, Any], learner: str, meta_episodes: int, seed: int, judged: int = 16
) -> dict[str, float]:
    """Trains a teacher, compares it with teachers that have learnt nothing, and writes all of it into a folder.

    Args:
        folder: Made if it does not exist. In it: ``teacher.npz``, ``returns.csv``, ``learning_curve.png``,
            ``result.json``.
        arguments: Those of the meta-environment; ``steps_per_action`` and ``actions_per_episode`` are among them.
        learner: ``"ppo"`` or ``"evolution"``.
        meta_episodes: To learn from.
        seed: The seed of environments and learner.
        judged: Fresh meta-episodes in which each of learned, uniform and random teacher is judged.

    Returns:
        The mean gains of the three.

    Raises:
        InvalidOption: If there is no such learner, or an argument is not as it should be.
    """
    learn = _learner(learner)
    make_env = functools.partial(gym.make, "BlendAdaptiveDR-v0", **arguments)
    env = make_env()
    folder.mkdir(parents=True, exist_ok=True)
    seeds = range(EVALUATION_SEED, EVALUATION_SEED + judged)
    random_actions = at_random(np.random.default_rng(seed))
    uniform = [play(env, keep, each, "uniform") for each in track(seeds, "Uniform teacher")]
    random = [play(env, random_actions, each) for each in track(seeds, "Random teacher")]
    with _recorded(folder / "returns.csv", meta_episodes) as (returns, report):
        policy = learn(make_env, meta_episodes, seed, report)
    TeacherFile(policy, arguments["steps_per_action"], arguments["actions_per_episode"]).save(folder / "teacher.npz")
    learned = [play(env, policy, each) for each in track(seeds, "Learned teacher")]
    env.close()
    references = [Reference("learned, final", learned), Reference("random", random), Reference("uniform", uniform)]
    plot_learning_curve(folder / "learning_curve.png", returns, references, _title(learner, arguments))
    means = {"learned": float(np.mean(learned)), "random": float(np.mean(random)), "uniform": float(np.mean(uniform))}
    settings = {"arguments": dict(arguments), "learner": learner, "meta_episodes": meta_episodes, "seed": seed}
    gains = {"learned": learned, "random": random, "uniform": uniform}
    result = {**settings, "mean_gains": means, "gains": gains}
    (folder / "result.json").write_text(json.dumps(result, indent=2) + "\n")
    return means


def _learner(name: str) -> Learner:
    if name == "evolution":
        return learn_by_evolution
    if name == "ppo":
        from blendgym.meta.proximal import learn_by_ppo

        return learn_by_ppo
    raise InvalidOption(f"learner is {name!r}; expected 'ppo' or 'evolution'.")


@contextmanager
def _recorded(file: Path, meta_episodes: int) -> Iterator[tuple[list[float], Callable[[float], None]]]:
    """The returns so far, and a function that takes the next one; they are in the file and on the screen at once."""
    columns = (TextColumn("Learning"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[gain]}"))
    returns: list[float] = []
    with file.open("w", newline="", buffering=1) as lines, Progress(*columns, TimeRemainingColumn()) as progress:
        writer = csv.writer(lines)
        writer.writerow(["meta_episode", "gain"])
        task = progress.add_task("", total=meta_episodes, gain="")

        def report(gain: float) -> None:
            returns.append(gain)
            writer.writerow([len(returns), gain])
            progress.update(task, advance=1, gain=f"gain {np.mean(returns[-20:]):+.2f}")

        yield returns, report


def _title(learner: str, arguments: Mapping[str, Any]) -> str:
    student = STUDENT_NAMES.get(arguments["student"], arguments["student"])
    return f"A teacher learned by {LEARNER_NAMES[learner]} (student: {student})"
