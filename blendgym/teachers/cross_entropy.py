"""Towards a target domain by the cross-entropy method.

The loop is that of SimOpt (Chebotar et al., ICRA 2019, arXiv 1810.05687): play the present policy in the target, and
move the randomization to where it behaves alike. Its step is that of the cross-entropy method (with smoothing,
de Boer et al. 2005, A Tutorial on the Cross-Entropy Method) instead of relative entropy search.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between, check_functions, check_positive
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import PLAIN, Episodes, Tasks, joined, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.distributions.boxes import UnitBox
from blendgym.teachers.distributions.normals import TruncatedNormals
from blendgym.teachers.forms import FINITE, ArrayOf, Number, column_forms
from blendgym.teachers.teacher import Teacher

Discrepancy = Callable[[Episodes, Episodes], NDArray[np.float64]]

TRIAL = 0
"""Tag of an episode in the target domain."""


def difference_of_outcomes(candidates: Episodes, trials: Episodes) -> NDArray[np.float64]:
    """How far score and length of each candidate are from the mean of the trials, both as shares of their range.

    Parameters that change neither, such as all that a perfect student copes with, cannot be found in this way.
    """
    longest = max(candidates.lengths.max(), trials.lengths.max())
    of_scores = np.abs(candidates.scores - trials.scores.mean())
    of_lengths = np.abs(candidates.lengths - trials.lengths.mean()) / longest
    return np.asarray(of_scores + of_lengths)


class CrossEntropy(Teacher):
    """Narrows the randomization around a target domain of which only the student's behaviour is known.

    The target is another place of the same cube (sim-to-sim), in which a share of all episodes is played, on trial: the
    student does not learn from them. Every place that the distribution samples is a candidate; those whose episodes
    resemble the trials most are the elite, to which mean and standard deviation move.

    Args:
        nominal_unit: float64 (dimensions,). The first mean.
        target: The place of the target domain, (dimensions,). It is played, and never looked at.
        discrepancy: How unlike the trials each of some candidates is, (candidates,): any numbers, of which less is more
            alike.
        deviation: Standard deviation of the first distribution, as a share of the range of each parameter.
        smallest_deviation: Lower limit of the standard deviations, so that a moving target can be followed.
        population: Number of candidates after which the distribution is updated.
        elite_share: Share of the candidates that an update moves towards, those most like the trials.
        smoothing: How much of the way to the elite an update goes.
        trial_share: Mean share of trials in the target domain among all tasks.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        *,
        target: Any,
        discrepancy: Discrepancy = difference_of_outcomes,
        deviation: float = 0.3,
        smallest_deviation: float = 0.02,
        population: int = 32,
        elite_share: float = 0.2,
        smoothing: float = 0.5,
        trial_share: float = 0.1,
    ) -> None:
        nominal = checked_nominal(nominal_unit)
        super().__init__(len(nominal))
        check_between("deviation", deviation, 1e-6, 10.0)
        check_functions(discrepancy=discrepancy)
        check_positive(population=population)
        check_between("population", population, 1, 1e6)
        check_between("smallest_deviation", smallest_deviation, 1e-6, deviation)
        check_between("elite_share", elite_share, 1.0 / population, 1.0)
        check_between("smoothing", smoothing, 0.0, 1.0)
        check_between("trial_share", trial_share, 0.0, 1.0)
        self.target, self.discrepancy = self._checked_target(target), discrepancy
        self.smallest_deviation, self.population = smallest_deviation, population
        self.elite_share, self.smoothing, self.trial_share = elite_share, smoothing, trial_share
        self.normals = TruncatedNormals(nominal, np.full(self.dimensions, deviation))
        self._candidates = self._trials = joined([], self.dimensions)
        self._elite_discrepancy = 0.0

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        tasks = plain_tasks(self.normals.sample(generator, count), self.version)
        trials = generator.random(count) < self.trial_share
        tasks.unit[trials], tasks.tags[trials], tasks.trains[trials] = self.target, TRIAL, False
        return tasks

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        candidates = episodes.chosen((episodes.tags == PLAIN) & (episodes.versions == self.version))
        trials = episodes.chosen(episodes.tags == TRIAL)
        self._candidates = joined([self._candidates, candidates], self.dimensions)
        # The student changes, and what it did in the target long ago says nothing about it any more.
        self._trials = joined([self._trials, trials], self.dimensions).chosen(slice(-self.population, None))

    def update(self) -> None:
        candidates = self._candidates
        if len(candidates.lengths) < self.population or not self._trials:
            return
        self._candidates = joined([], self.dimensions)
        discrepancies = self._discrepancies(candidates)
        elite = np.argsort(discrepancies, kind="stable")[: round(self.elite_share * len(discrepancies))]
        self._elite_discrepancy = float(discrepancies[elite].mean())
        self._move_to(candidates.unit[elite])
        self.version += 1

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.normals.density(checked_places(unit, self.dimensions))

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "mean": self.normals.mean,
            "deviation": self.normals.deviation,
            "candidates": self._candidates._asdict(),
            "trials": self._trials._asdict(),
            "elite_discrepancy": self._elite_discrepancy,
        }

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {
            "mean": ArrayOf(np.float64, (self.dimensions,), 0.0, 1.0),
            "deviation": ArrayOf(np.float64, (self.dimensions,), 1e-6, 10.0),
            "candidates": column_forms(self.dimensions, "candidates"),
            "trials": column_forms(self.dimensions, "trials"),
            "elite_discrepancy": Number(*FINITE),
        }

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.normals = TruncatedNormals(state["mean"], state["deviation"])
        self._candidates, self._trials = Episodes(**state["candidates"]), Episodes(**state["trials"])
        self._elite_discrepancy = state["elite_discrepancy"]

    def describe(self) -> dict[str, float]:
        middle = UnitBox(self.normals.quantile(0.05), self.normals.quantile(0.95))
        return middle.describe() | {
            "entropy": self.normals.entropy() / self.dimensions,
            "elite_discrepancy": self._elite_discrepancy,
            "updates_applied": float(self.version),
        }

    def _discrepancies(self, candidates: Episodes) -> NDArray[np.float64]:
        count = len(candidates.lengths)
        found = np.asarray(self.discrepancy(candidates, self._trials), np.float64)
        if found.shape != (count,) or not np.isfinite(found).all():
            raise InvalidOption(
                f"The discrepancy of {count} candidates is a finite number for each, got {found!r:.200} "
                f"of the shape {found.shape}."
            )
        return found

    def _move_to(self, elite: NDArray[np.float64]) -> None:
        mean = self.normals.mean + self.smoothing * (elite.mean(axis=0) - self.normals.mean)
        deviation = self.normals.deviation + self.smoothing * (elite.std(axis=0) - self.normals.deviation)
        self.normals = TruncatedNormals(mean, np.maximum(deviation, self.smallest_deviation))

    def _checked_target(self, target: Any) -> NDArray[np.float64]:
        try:
            place = np.asarray(target, np.float64)
        except (TypeError, ValueError):
            place = np.empty(0)
        if place.shape != (self.dimensions,) or not np.all((place >= 0.0) & (place <= 1.0)):
            raise InvalidOption(f"The target is a place of a cube of {self.dimensions} dimensions, got {target!r:.80}.")
        return place
