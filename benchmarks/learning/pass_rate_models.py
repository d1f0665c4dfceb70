"""Models of the pass rate on the episodes of students: each portion is predicted before it is learnt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from rich.table import Table

from blendgym.agents.students.making import make_student
from blendgym.agents.torch_modes import one_thread
from blendgym.benchmarks.learning.neural_pass_rates import NeuralPassRateModel
from blendgym.parameters import ParameterSpace
from blendgym.parameters.selection import select
from blendgym.studies.arms import make_arm
from blendgym.studies.domains import domain_of, parameters_of
from blendgym.teachers.adaptive import adaptive_teacher
from blendgym.teachers.pass_rates.model import PassRateModel

PORTION = 8192
WARM_UP = 300
"""Episodes before the first prediction, as for a frontier."""

LOWEST = 0.003
"""Predicted rates are between this and its complement, as a frontier takes them."""

Portions = list[tuple[NDArray[np.float64], NDArray[np.bool_]]]
"""Places (episodes, dimensions), and which of them were passed (episodes,), portion by portion."""


class BaseRate(PassRateModel):
    """Knows how often the student passes now, and nothing of where."""

    def fit(self) -> None:
        """Fits the level alone."""
        weights = np.exp(-np.arange(len(self._outcomes))[::-1] / self._level_memory)
        rate = (weights @ self._outcomes + 0.5) / (weights.sum() + 1.0)
        self.level = float(np.log(rate / (1.0 - rate)))


def _of_frontier(space: ParameterSpace) -> PassRateModel:
    frontier: Any = adaptive_teacher(space).teacher
    model: PassRateModel = frontier.model
    return model


MODELS: dict[str, Callable[[ParameterSpace], PassRateModel]] = {
    "base rate": lambda space: BaseRate(len(space)),
    "the frontier's own": _of_frontier,
    "neural": lambda space: NeuralPassRateModel(len(space)),
}


class Prediction(NamedTuple):
    """How good a model was.

    Args:
        log_loss: Mean of the negative logarithms of what was predicted for what then happened, in nats.
        order: Area under the ROC curve: how often of two episodes the one that is passed was given the higher rate.
        seconds: Mean of a fit.
    """

    log_loss: float
    order: float
    seconds: float


def compared(env_id: str, teachers: Sequence[str], seeds: int, steps: int, first_seed: int) -> Table:
    """What each model predicted of students with each teacher, as a table; arguments are those of the command."""
    space = select(parameters_of(env_id), domain_of(env_id))
    title = f"{env_id}, means over {seeds} students each"
    table = Table("taught by", "model", "log loss", "area under ROC", "ms a fit", title=title)
    with one_thread():
        for teacher in teachers:
            played = [episodes_of(env_id, space, teacher, first_seed + number, steps) for number in range(seeds)]
            for name, make in MODELS.items():
                found = [predicted(make(space), portions) for portions in played]
                loss, order, seconds = np.mean(np.array(found), axis=0)
                table.add_row(teacher, name, f"{loss:.3f}", f"{order:.3f}", f"{seconds * 1e3:.0f}")
    return table


def episodes_of(env_id: str, space: ParameterSpace, arm: str, seed: int, steps: int) -> Portions:
    """What blendgym's own PPO plays on the twin, in the ranges of a space."""
    teacher, student = make_arm(arm, space), make_student("ppo", env_id, space, seed, budget=steps)
    portions: Portions = []
    for _ in track(range(-(-steps // PORTION)), f"{arm}, seed {seed}"):
        episodes = student.train(teacher, min(PORTION, max(1, steps - student.charged_steps)))
        if episodes:
            teacher.observe(episodes)
            portions.append((episodes.unit, episodes.successes))
        teacher.update()
    return portions


def predicted(model: PassRateModel, portions: Portions) -> Prediction:
    """Has a model predict each portion, and then learn it."""
    from sklearn.metrics import log_loss, roc_auc_score

    rates, passed, seconds = [], [], []
    for unit, successes in portions:
        if model.count >= WARM_UP:
            rates.append(np.clip(model.rates(unit), LOWEST, 1.0 - LOWEST))
            passed.append(successes)
        model.observe(unit, successes.astype(np.float64))
        begun = time.perf_counter()
        model.fit()
        seconds.append(time.perf_counter() - begun)
    all_rates, all_passed = np.concatenate(rates), np.concatenate(passed)
    order = roc_auc_score(all_passed, all_rates)
    return Prediction(float(log_loss(all_passed, all_rates)), float(order), float(np.mean(seconds)))
