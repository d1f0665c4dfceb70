"""What a learned teacher sees: how the student did of late, per parameter and in all.

Everything comes from ordinary episodes, so a teacher that was learned in the meta-environment sees the same when it
teaches elsewhere, where there is no probe. All features are shares and success rates, which mean the same in every
environment and for any number of parameters.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.meta.distribution import LEAST_WIDTH
from blendgym.parameters.episodes import UNIFORM, Episodes, joined
from blendgym.teachers.forms import Form, column_forms

PARAMETER_FEATURES = (
    "present",
    "low", "high", "log_width",
    "success_near_low", "success_near_middle", "success_near_high",
    "count_near_low", "count_near_middle", "count_near_high",
    "slope_near_low", "slope_near_middle", "slope_near_high",
    "success_in_bin_0", "success_in_bin_1", "success_in_bin_2", "success_in_bin_3", "success_in_bin_4",
)  # fmt: skip
"""Columns of a parameter's row."""

RATES = ("uniform_success", "distribution_success", "uniform_slope", "distribution_slope")
"""How it goes in uniform tasks and in those of the distribution."""

GLOBAL_FEATURES = (*RATES, "entropy_per_dimension", "budget_left")
"""What there is once."""

BINS = 5
MEMORY = 1024  # episodes
FAST, SLOW = 64.0, 256.0  # half-lives, in episodes
REACH = 0.1  # how far from a bound is near it
COUNT_OF_HALF = 16.0  # episodes at which a count feature is 0


class Observation(NamedTuple):
    """An observation, taken apart.

    Args:
        parameters: float64 (parameters, ``PARAMETER_FEATURES``).
        overall: float64 (``GLOBAL_FEATURES``,).
    """

    parameters: NDArray[np.float64]
    overall: NDArray[np.float64]

    def flat(self, slots: int) -> NDArray[np.float32]:
        """One vector: the rows of ``slots`` parameters, zeros in those that are not there, then the global features."""
        rows = np.zeros((slots, len(PARAMETER_FEATURES)))
        rows[: len(self.parameters)] = self.parameters
        return np.concatenate([rows.ravel(), self.overall], dtype=np.float32, casting="same_kind")

    @classmethod
    def from_flat(cls, vector: NDArray[Any]) -> Observation:
        """The inverse of ``flat``, with the parameters that are there."""
        split = len(vector) - len(GLOBAL_FEATURES)
        rows = np.asarray(vector[:split], np.float64).reshape(-1, len(PARAMETER_FEATURES))
        return cls(rows[rows[:, 0] > 0], np.asarray(vector[split:], np.float64))


class Averages(NamedTuple):
    """Over several selections of episodes, arrays of one shape.

    Args:
        rates: Success rates, from 0 to 1.
        slopes: By how much they exceed slower averages.
        counts: Weights of the episodes.
    """

    rates: NDArray[np.float64]
    slopes: NDArray[np.float64]
    counts: NDArray[np.float64]


def observation_size(slots: int) -> int:
    """Length of a flat observation with room for that many parameters."""
    return slots * len(PARAMETER_FEATURES) + len(GLOBAL_FEATURES)


class Observer:
    """Remembers the last episodes, and says in numbers from -1 to 1 how they went.

    Success rates are exponential averages over episodes with a half-life of 64, starting from one half; slopes are
    their differences to slower ones of 256, positive where the student has been getting better. "Near" is within 0.1
    of a bound or of the middle between the two; bins divide a parameter's whole range. A rate is given as ``2 p - 1``,
    a count n as ``(n - 16) / (n + 16)``, the logarithm of the width and the entropy per dimension as -1 for the
    narrowest box and 1 for the whole cube.

    Args:
        dimensions: The number of randomized parameters.
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._recent = joined([], dimensions)

    def observe(self, episodes: Episodes) -> None:
        """Takes note of episodes that have ended, whatever they were played for."""
        self._recent = joined([self._recent, episodes], self._dimensions).chosen(slice(-MEMORY, None))

    def observation(self, low: NDArray[np.float64], high: NDArray[np.float64], budget_left: float) -> Observation:
        """What is to be seen, given the bounds of the present distribution and the share of the steps still to come."""
        unit = self._recent.unit
        centres = np.stack([low, (low + high) / 2, high], axis=-1)
        near = self._averages(np.abs(unit[:, :, None] - centres) <= REACH)
        bins = np.minimum((unit * BINS).astype(np.int64), BINS - 1)
        in_bin = self._averages(bins[:, :, None] == np.arange(BINS))
        floor = self.rates()
        log_width = 1.0 - 2.0 * np.log(high - low) / np.log(LEAST_WIDTH)
        rows = np.column_stack(
            [
                np.ones(len(low)), 2.0 * low - 1.0, 2.0 * high - 1.0, log_width,
                2.0 * near.rates - 1.0, (near.counts - COUNT_OF_HALF) / (near.counts + COUNT_OF_HALF), near.slopes,
                2.0 * in_bin.rates - 1.0,
            ]
        )  # fmt: skip
        overall = [*(2.0 * floor.rates - 1.0), *floor.slopes, log_width.mean(), 2.0 * budget_left - 1.0]
        return Observation(np.clip(rows, -1.0, 1.0), np.clip(overall, -1.0, 1.0))

    def rates(self) -> Averages:
        """Success rates in uniform tasks and in all others: arrays (2,)."""
        tags = self._recent.tags
        return self._averages(np.stack([tags == UNIFORM, tags != UNIFORM], axis=-1))

    def state_dict(self) -> dict[str, Any]:
        """The episodes that it remembers."""
        return {name: column.copy() for name, column in self._recent._asdict().items()}

    def state_form(self) -> Form:
        """What a state may be."""
        return column_forms(self._dimensions, "recent")

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what ``state_dict`` gave."""
        self._recent = Episodes(**{name: np.array(column) for name, column in state.items()})

    def _averages(self, chosen: NDArray[np.bool_]) -> Averages:
        """Over the episodes chosen (episodes, …); there is always one episode's weight of "one half" besides."""
        ages = np.arange(len(self._recent.lengths))[::-1]
        fast, slow = 0.5 ** (ages / FAST), 0.5 ** (ages / SLOW)
        passed = self._recent.successes
        sums = np.tensordot(np.stack([fast, fast * passed, slow, slow * passed]), chosen, axes=1)
        rates, slow_rates = (sums[1] + 0.5) / (sums[0] + 1.0), (sums[3] + 0.5) / (sums[2] + 1.0)
        return Averages(rates, rates - slow_rates, sums[0])
