"""A model of how often a student passes, everywhere in the cube, from the episodes that it plays anyway."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.teachers.forms import ArrayOf, Constant, Form, Integer, Number
from blendgym.teachers.pass_rates.encoding import Encoding

Numbers = NDArray[np.float64]

PAIRS_OF_SIX = 21
"""Products of pairs among six parameters, for which ``ridge`` is meant as it is."""

MEMORIES = 6
"""How many memories back an episode is forgotten, when its weight is e⁻⁶."""

LOGIT_LIMIT = 12.0
LEVEL_PRECISION, SLOPE_PRECISION = 0.2, 5.0  # of the normal priors of level and slope, about 0 and 1
LOWEST_SLOPE = 0.2
STEEPEST = 1e4
"""Coefficient of a state; fitted ones are below 100."""

CLOSE = 1e-3
"""A Newton step of any coefficient that is too short for another one to matter."""


class PassRateModel:
    """Logistic regression on the parameters and on the products of all pairs of them, with two memories.

    A student changes faster than a map of it can be drawn anew. So the *shape* of the pass rate remembers many
    episodes, and its *level and slope* only the latest: the rate is σ(level + slope · shape). Products of pairs make
    the model exact, up to curvature, for limits of feasibility that are products of powers of log-uniform parameters.

    With more parameters the products grow with their square. Their ridge grows alike, so that the logit has the same
    variance a priori at six parameters and at thirty, and few of them cannot be drowned by the many.

    Args:
        dimensions: Number of dimensions of the cube.
        categories: The number of choices by the number of each dimension that is categorical.
        integers: The number of values by the number of each dimension that is an integer.
        shape_memory: Episodes after which the weight of one in the shape has fallen to 1/e.
        level_memory: Episodes after which the weight of one in level and slope has fallen to 1/e.
        ridge: Precision of the normal prior of each coefficient.

    Attributes:
        count: Number of episodes that have been observed.
        level: Of the logit.
        slope: Of the logit.
    """

    def __init__(
        self,
        dimensions: int,
        categories: Mapping[int, int] | None = None,
        integers: Mapping[int, int] | None = None,
        shape_memory: float = 300.0,
        level_memory: float = 40.0,
        ridge: float = 1.0,
    ) -> None:
        self._encoding = Encoding(dimensions, categories or {}, integers or {})
        self._shape_memory, self._level_memory = shape_memory, level_memory
        self._remembered = math.ceil(MEMORIES * max(shape_memory, level_memory))
        self._precision = self._encoding.precisions(ridge, PAIRS_OF_SIX)
        self._unit, self._outcomes = np.empty((0, dimensions)), np.empty(0)
        self._shape = np.zeros(len(self._precision))
        self.count = 0
        self.level, self.slope = 0.0, 1.0

    @property
    def has_contrast(self) -> bool:
        """Whether the remembered outcomes differ at all."""
        return bool(len(self._outcomes) and self._outcomes.min() < self._outcomes.max())

    def observe(self, unit: Numbers, outcomes: Numbers) -> None:
        """Takes note of episodes, in the order in which they ended.

        Args:
            unit: float64 (episodes, dimensions).
            outcomes: float64 (episodes,), from 0 for a failure to 1 for a success.
        """
        self._unit = np.concatenate([self._unit, unit])[-self._remembered :]
        self._outcomes = np.concatenate([self._outcomes, outcomes])[-self._remembered :]
        self.count += len(outcomes)

    def fit(self) -> None:
        """Fits the shape, from where it was, and then level and slope."""
        features, age = self._encoding.features(self._unit), np.arange(len(self._unit))[::-1]
        weights = np.exp(-age / self._shape_memory)
        self._shape = fit_logistic(features, self._outcomes, weights, self._precision, self._shape)
        latest = slice(-int(4 * self._level_memory), None)
        logits = np.clip(features[latest] @ self._shape, -8.0, 8.0)
        weights = np.exp(-age[latest] / self._level_memory)
        self.level, self.slope = fit_level(logits, self._outcomes[latest], weights)

    def rates(self, unit: Numbers) -> Numbers:
        """Pass rates at places (count, dimensions): float64 (count,)."""
        return sigmoid(self.level + self.slope * self._encoding.linear(unit, self._shape))

    def calibration_error(self) -> float:
        """How far the latest outcomes are from what was expected of them, on average: 0 is perfect, in pass rates."""
        latest = slice(-int(self._level_memory), None)
        if not len(self._outcomes):
            return 0.0
        return float(np.mean(self._outcomes[latest] - self.rates(self._unit[latest])))

    def state_dict(self) -> dict[str, Any]:
        """All that changes."""
        return {
            "kinds": self._encoding.kinds,
            "unit": self._unit.copy(),
            "outcomes": self._outcomes.copy(),
            "shape": self._shape.copy(),
            "count": self.count,
            "level": self.level,
            "slope": self.slope,
        }

    def state_form(self) -> Form:
        """What a state may be."""
        return {
            "kinds": Constant(self._encoding.kinds),
            "unit": ArrayOf(np.float64, ("remembered", self._unit.shape[1]), 0.0, 1.0),
            "outcomes": ArrayOf(np.float64, ("remembered",), 0.0, 1.0),
            "shape": ArrayOf(np.float64, (len(self._precision),), -STEEPEST, STEEPEST),
            "count": Integer(),
            "level": Number(-STEEPEST, STEEPEST),
            "slope": Number(LOWEST_SLOPE, STEEPEST),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes back what ``state_dict`` gave."""
        if state["count"] < len(state["unit"]):
            raise InvalidOption(f"This state remembers {len(state['unit'])} of {state['count']} episodes.")
        self._unit, self._outcomes = (state[name][-self._remembered :].copy() for name in ("unit", "outcomes"))
        self._shape, self.count = state["shape"].copy(), state["count"]
        self.level, self.slope = state["level"], state["slope"]


def sigmoid(logits: Numbers) -> Numbers:
    """The logistic function; beyond ±12 it stays as there."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -LOGIT_LIMIT, LOGIT_LIMIT))))


def fit_logistic(
    features: Numbers, outcomes: Numbers, weights: Numbers, precision: Numbers, start: Numbers, steps: int = 6
) -> Numbers:
    """Coefficients of a ridge logistic regression, by damped Newton steps.

    Args:
        features: float64 (episodes, coefficients).
        outcomes: float64 (episodes,), from 0 to 1.
        weights: Of the episodes, float64 (episodes,).
        precision: Of the normal priors about 0, float64 (coefficients,).
        start: Coefficients from which the fit begins.
        steps: Largest number of Newton steps, of which a start near the solution needs few.
    """
    coefficients = start.copy()
    for _ in range(steps):
        rates = sigmoid(features @ coefficients)
        curvature = weights * np.maximum(rates * (1.0 - rates), 1e-4)
        gradient = features.T @ (weights * (outcomes - rates)) - precision * coefficients
        rooted = features * np.sqrt(curvature)[:, None]
        hessian = rooted.T @ rooted + np.diag(precision)  # Of one matrix with itself, which costs half.
        step = np.linalg.solve(hessian, gradient)
        length = float(np.abs(step).max())
        coefficients += step * min(1.0, 3.0 / max(length, 1e-9))
        if length < CLOSE:
            break
    return coefficients


def fit_level(logits: Numbers, outcomes: Numbers, weights: Numbers, steps: int = 5) -> tuple[float, float]:
    """Level and slope with which logits agree best with outcomes (Platt 1999), under normal priors about 0 and 1.

    Args:
        logits: float64 (episodes,).
        outcomes: float64 (episodes,), from 0 to 1.
        weights: Of the episodes, float64 (episodes,).
        steps: Number of Newton steps.
    """
    level, slope = 0.0, 1.0
    for _ in range(steps):
        rates = sigmoid(level + slope * logits)
        curvature = weights * np.maximum(rates * (1.0 - rates), 1e-4)
        residuals = weights * (outcomes - rates)
        mixed = (curvature * logits).sum()
        gradient = np.array(
            [
                residuals.sum() - LEVEL_PRECISION * level,
                (residuals * logits).sum() - SLOPE_PRECISION * (slope - 1.0),
            ]
        )
        hessian = np.array(
            [
                [curvature.sum() + LEVEL_PRECISION, mixed],
                [mixed, (curvature * logits**2).sum() + SLOPE_PRECISION],
            ]
        )
        step = np.clip(np.linalg.solve(hessian, gradient), -2.0, 2.0)
        level, slope = level + float(step[0]), max(LOWEST_SLOPE, slope + float(step[1]))
    return level, slope
