"""Training a teacher in the meta-environment, into a folder, next to the references that it has to beat."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from blendgym.checks import check_counts, check_dicts, check_seed
from blendgym.errors import InvalidOption
from blendgym.files import write_whole
from blendgym.meta.curves import plot_learning_curve
from blendgym.meta.evolution import learn_by_evolution
from blendgym.meta.files import TeacherFile, read_again
from blendgym.meta.judging import LEARNED, Standing, played, standings, verdict
from blendgym.meta.learner_settings import LearnerSettings, Returns, shown_returns
from blendgym.meta.policies import Policy, policy_class
from blendgym.meta.pool import REFERENCES, Pool

LEARNER_NAMES = {"ppo": "PPO", "evolution": "an evolution strategy"}
STUDENT_NAMES = {"field": "competence field", "ars": "random search on a twin", "ppo": "PPO on a twin"}

Learner = Callable[[LearnerSettings, Returns], Policy]


def train_teacher(
    folder: Path,
    arguments: Mapping[str, Any],
    learner: str,
    meta_episodes: int,
    seed: int,
    judged: int = 16,
    processes: int = 1,
) -> list[Standing]:
    """Trains a teacher, compares it with teachers that have learned nothing, and writes all of it into a folder.

    What is finished there is kept: another call with the same arguments goes on where one was interrupted.

    Args:
        folder: Made if it does not exist. In it: ``settings.json``, ``teacher.npz``, ``returns.csv``, ``gains.json``,
            ``learning_curve.png``, ``result.json``, and what the learner needs to go on.
        arguments: Those of the meta-environment, plain values; ``action``, ``steps_per_action`` and
            ``actions_per_episode`` are among them.
        learner: ``"ppo"`` or ``"evolution"``.
        meta_episodes: To learn from.
        seed: The seed of environments and learner.
        judged: Fresh students of whom the learned teacher and each reference teach the same.
        processes: How many play at a time. What is learned by evolution does not depend on it.

    Returns:
        How the learned teacher and the references did.

    Raises:
        InvalidOption: If there is no such learner, an argument is not as it should be, or the folder has another
            teacher.
        PlayerDied: If a process that plays has ended.
    """
    check_counts(meta_episodes=meta_episodes, judged=judged, processes=processes)
    check_seed(seed)
    _check_plain(arguments)
    learn, learner_settings = _learner(learner), LearnerSettings(arguments, meta_episodes, seed, folder, processes)
    policy_class(arguments["action"])
    learner_settings.make_env().close()
    settings = {
        "arguments": dict(arguments), "learner": learner, "meta_episodes": meta_episodes, "seed": seed, "judged": judged
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    _declare(folder / "settings.json", settings)
    gains = _references_judged(folder / "gains.json", learner_settings, judged)
    with shown_returns(folder / "returns.csv", meta_episodes) as returns:
        policy = learn(learner_settings, returns)
    TeacherFile(policy, arguments["steps_per_action"], arguments["actions_per_episode"]).save(folder / "teacher.npz")
    with Pool(arguments, processes) as pool:
        gains[LEARNED] = played(pool, LEARNED, policy, judged)
    ranking = standings(gains)
    plot_learning_curve(folder / "learning_curve.png", returns.gains, ranking, _title(learner, arguments))
    steps = len(returns.gains) * arguments["steps_per_action"] * arguments["actions_per_episode"]
    told = {
        "charged_steps": steps, "standings": [_plain(each) for each in ranking], "verdict": verdict(ranking, judged)
    }  # fmt: skip
    _write(folder / "result.json", settings | told | {"gains": gains})
    return ranking


def _learner(name: str) -> Learner:
    if name == "evolution":
        return learn_by_evolution
    if name == "ppo":
        from blendgym.meta.proximal import learn_by_ppo

        return learn_by_ppo
    raise InvalidOption(f"learner is {name!r}; expected 'ppo' or 'evolution'.")


def _check_plain(arguments: Mapping[str, Any]) -> None:
    check_dicts(arguments=arguments)
    if missing := {"action", "steps_per_action", "actions_per_episode", "student"} - {*(arguments or ())}:
        raise InvalidOption(f"Of the arguments of the meta-environment, {', '.join(sorted(missing))} must be given.")
    try:
        json.dumps(dict(arguments))
    except (TypeError, ValueError) as error:
        raise InvalidOption(f"The arguments of the meta-environment are written down, and plain: {error}.") from error


def _declare(file: Path, settings: dict[str, Any]) -> None:
    """Writes down what is learned, unless it is what is already there."""
    text = json.dumps(settings, indent=2) + "\n"
    if file.exists() and file.read_bytes() != text.encode():
        raise InvalidOption(
            f"{file} is that of another teacher. Choose another folder, or the same arguments as before."
        )
    write_whole(file, text.encode())


def _references_judged(file: Path, settings: LearnerSettings, judged: int) -> dict[str, list[float]]:
    """The gains of all references; those that are in the file are not played again."""
    gains: dict[str, list[float]] = {}
    if file.exists():
        with read_again(file):
            kept: dict[str, list[float]] = json.loads(file.read_bytes())
            gains = {name: np.array(each, np.float64).reshape(judged).tolist() for name, each in kept.items()}
    missing = [name for name in REFERENCES if name not in gains]
    if not missing:
        return gains
    with Pool(settings.arguments, settings.processes) as pool:
        for name in missing:
            gains[name] = played(pool, name, name, judged)
            _write(file, gains)
    return gains


def _write(file: Path, content: Mapping[str, Any]) -> None:
    write_whole(file, json.dumps(content, indent=2).encode() + b"\n")


def _plain(standing: Standing) -> dict[str, Any]:
    more = standing.learned_more
    return {
        "name": standing.name,
        "gain": standing.gain._asdict(),
        "learned_more": more._asdict() if more else None,
    }


def _title(learner: str, arguments: Mapping[str, Any]) -> str:
    student = STUDENT_NAMES.get(arguments["student"], arguments["student"])
    return f"A teacher learned by {LEARNER_NAMES[learner]} (student: {student})"
