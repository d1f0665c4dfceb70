"""Sampling at the frontier: tasks just beyond what the student can do, by a calibrated model of its pass rate.

Related are ProCuRL (Tzannetos et al. 2023, arXiv 2304.12877), which prefers p · (1 - p), and SFL (Rutherford et al.
2024, arXiv 2408.15099), which scouts for it. Here no step is spent on scouting, and harder tasks are preferred: those
that the student passes about every fifth time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between, check_choice, check_positive
from blendgym.parameters.episodes import UNIFORM, Episodes, Tasks, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.forms import FINITE, ArrayOf, Constant, Integer, Number
from blendgym.teachers.gate import Gate
from blendgym.teachers.pass_rates.model import PassRateModel
from blendgym.teachers.teacher import Teacher

Outcomes = Literal["successes", "scores", "returns"]

TARGETS = 0.01, 0.99
SHARPNESSES = 0.0, 100.0
LOWEST_RATE = 0.003
REFERENCES = 8192
BATCH = 256
BATCHES, BATCHES_PER_TASK = 1000, 64
"""Drawn before what is still missing comes from the references: where next to nothing is at the frontier. If one place
in ``REFERENCES`` is, a task takes 32."""

PACE = 200
"""How many of the latest uniform episodes the return of another one is compared with."""


class Frontier(Teacher):
    """Prefers tasks whose pass rate p is near a target t: the density is in proportion to (p^t (1 - p)^(1 - t))^k.

    The model of p is fitted to the episodes that are played anyway. Before it can tell anything apart, tasks are
    uniform. Use it under a uniform floor: ``Mix(Frontier(nominal_unit), share=0.2)``.

    Args:
        nominal_unit: float64 (dimensions,); only how many there are matters.
        target: The pass rate that is preferred.
        sharpness: The exponent k. At 0 all tasks are alike.
        warm_up: Episodes before the first model.
        outcomes: What a pass is: ``"successes"``; ``"scores"`` where there is no success, p being the expected share of
            the way from the worst to the best return; ``"returns"`` where these are not known either, p being the
            expected share of the latest uniform episodes with lower returns.
        categories: The number of choices by the number of each dimension that is categorical.
        integers: The number of values by the number of each dimension that is an integer.
        shape_memory: Episodes after which the weight of one in the model's shape has fallen to 1/e.
        level_memory: The same for its level and slope.

    Attributes:
        target: The pass rate that is preferred.
        sharpness: How strongly.
        model: Of the pass rate.

    Raises:
        InvalidOption: If an argument is out of its bounds.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        target: float = 0.2,
        sharpness: float = 5.0,
        warm_up: int = 300,
        outcomes: Outcomes = "successes",
        categories: Mapping[int, int] | None = None,
        integers: Mapping[int, int] | None = None,
        shape_memory: float = 300.0,
        level_memory: float = 40.0,
    ) -> None:
        super().__init__(len(checked_nominal(nominal_unit)))
        _check_aim(target, sharpness)
        check_choice("outcomes", outcomes, get_args(Outcomes))
        check_positive(warm_up=warm_up)
        check_between("shape_memory", shape_memory, 1.0, 1e6)
        check_between("level_memory", level_memory, 1.0, 1e6)
        self.target, self.sharpness, self.warm_up, self.outcomes = target, sharpness, warm_up, outcomes
        self.model = PassRateModel(self.dimensions, categories, integers, shape_memory, level_memory)
        self._references = np.random.default_rng(0).random((REFERENCES, self.dimensions))
        self._highest = self._mean = 1.0
        self._heard = 0
        self._pace = np.empty(0)
        self._gate = Gate("one episode that ended otherwise than the others", patience=2000)

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        if not self.version:
            return plain_tasks(generator.random((count, self.dimensions)), self.version)
        chosen = np.empty((0, self.dimensions))
        for _ in range(BATCHES + BATCHES_PER_TASK * count):
            if len(chosen) >= count:
                return plain_tasks(chosen[:count], self.version)
            candidates = generator.random((BATCH, self.dimensions))
            is_chosen = generator.random(BATCH) * self._highest < self._weights(candidates)
            chosen = np.concatenate([chosen, candidates[is_chosen]])
        weights = self._weights(self._references)
        rest = generator.choice(self._references, max(0, count - len(chosen)), p=weights / weights.sum())
        return plain_tasks(np.concatenate([chosen, rest])[:count], self.version)

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        self.model.observe(episodes.unit, self._outcomes_of(episodes))
        self._heard += len(episodes.lengths)

    def update(self) -> None:
        if not self._heard:
            return
        is_ready = self.model.count >= self.warm_up and self.model.has_contrast
        self._gate.count(is_ready, self._heard)
        self._heard = 0
        if not is_ready:
            return
        self.model.fit()
        self._normalize()
        self.version += 1

    def aim_at(self, target: float, sharpness: float) -> None:
        """Prefers another pass rate, or more strongly, from the next task on.

        Raises:
            InvalidOption: If one of them is out of its bounds.
        """
        _check_aim(target, sharpness)
        self.target, self.sharpness = target, sharpness
        if self.version:
            self._normalize()

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        places = checked_places(unit, self.dimensions)
        return self._weights(places) / self._mean if self.version else np.ones(len(places))

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "outcomes": self.outcomes,
            "model": self.model.state_dict(),
            "target": self.target,
            "sharpness": self.sharpness,
            "heard": self._heard,
            "pace": self._pace.copy(),
            "gate": self._gate.state_dict(),
        }

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {
            "outcomes": Constant(self.outcomes),
            "model": self.model.state_form(),
            "target": Number(*TARGETS),
            "sharpness": Number(*SHARPNESSES),
            "heard": Integer(),
            "pace": ArrayOf(np.float64, ("pace",), *FINITE),
            "gate": Gate.state_form,
        }

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.model.load_state_dict(state["model"])
        self.target, self.sharpness = state["target"], state["sharpness"]
        self._heard, self._pace = state["heard"], state["pace"][-PACE:]
        self._gate.load_state_dict(state["gate"])
        self._highest = self._mean = 1.0
        if self.version:
            self._normalize()

    def describe(self) -> dict[str, float]:
        rates, weights = self.model.rates(self._references), self._weights(self._references)
        return self._gate.describe() | {
            "pass_rate": float(rates.mean()),
            "pass_rate_taught": float(weights @ rates / weights.sum()),
            "concentration": float(weights.sum() ** 2 / (weights @ weights) / len(weights)),
            "calibration_error": self.model.calibration_error(),
            "slope": self.model.slope,
        }

    def _normalize(self) -> None:
        # The density is bounded by its highest value among the references, so that sampling by rejection is exact.
        self._highest = np.inf
        weights = self._weights(self._references)
        self._highest, self._mean = float(weights.max()), float(weights.mean())

    def _outcomes_of(self, episodes: Episodes) -> NDArray[np.float64]:
        """From 0 for a failure to 1 for a pass, float64 (episodes,)."""
        if self.outcomes == "successes":
            return episodes.successes.astype(np.float64)
        if self.outcomes == "scores":
            return np.clip(episodes.scores, 0.0, 1.0)
        is_uniform = (episodes.tags == UNIFORM) | (episodes.versions == 0)
        self._pace = np.concatenate([self._pace, episodes.returns[is_uniform]])[-PACE:]
        return _shares_below(episodes.returns, self._pace)

    def _weights(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Up to a factor the density: 1 where the pass rate is the target."""
        rates, target = np.clip(self.model.rates(unit), LOWEST_RATE, 1.0 - LOWEST_RATE), self.target
        likelihood = target * np.log(rates / target) + (1.0 - target) * np.log((1.0 - rates) / (1.0 - target))
        return np.asarray(np.minimum(np.exp(self.sharpness * likelihood), self._highest))


def _check_aim(target: float, sharpness: float) -> None:
    check_between("The target of the pass rate", target, *TARGETS)
    check_between("The sharpness of the frontier", sharpness, *SHARPNESSES)


def _shares_below(values: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Which share of the others each value exceeds; equals count half. Without others it is a half."""
    if not len(others):
        return np.full(len(values), 0.5)
    ordered = np.sort(others)
    ends = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    return np.asarray(ends / (2.0 * len(ordered)))
