"""The levels that a replaying teacher keeps, what is known of them, and what it makes of that."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from blendgym.teachers.forms import LARGEST_COUNT, ArrayOf, Form

Array = NDArray[np.float64]


class Levels(NamedTuple):
    """Places in the cube that have been played, with one row each; all columns but ``unit`` are (levels,).

    Args:
        identities: int64. Tags of their episodes.
        unit: float64 (levels, dimensions).
        played: int64. When each was last played, counted in episodes of all levels.
        visits: float64. Episodes in each, of which older ones count less.
        successes: float64. Likewise.
        best: float64. Highest score of any episode.
        latest: float64. Score of the latest episode.
        solved: bool. Whether that was a success.
    """

    identities: NDArray[np.int64]
    unit: Array
    played: NDArray[np.int64]
    visits: Array
    successes: Array
    best: Array
    latest: Array
    solved: NDArray[np.bool_]

    @staticmethod
    def state_form(dimensions: int) -> Form:
        """What a state may be."""
        scores = ArrayOf(np.float64, ("levels",), 0.0, 1.0)
        return {
            "identities": ArrayOf(np.int64, ("levels",), 1, LARGEST_COUNT),
            "unit": ArrayOf(np.float64, ("levels", dimensions), 0.0, 1.0),
            "played": ArrayOf(np.int64, ("levels",), 0, LARGEST_COUNT),
            "visits": ArrayOf(np.float64, ("levels",), 1.0),
            "successes": ArrayOf(np.float64, ("levels",), 0.0),
            "best": scores,
            "latest": scores,
            "solved": ArrayOf(np.bool_, ("levels",), 0, 1),
        }

    def row_of(self, identity: int) -> int | None:
        """The row of the level with an identity."""
        rows = np.flatnonzero(self.identities == identity)
        return int(rows[0]) if len(rows) else None

    def copy(self) -> Levels:
        """A copy that shares no memory with this one."""
        columns: Any = (column.copy() for column in self)
        return Levels(*columns)

    def visit(self, row: int, played: int, score: float, success: bool, memory: float) -> None:
        """Takes note of an episode in a level; what was known counts ``memory`` times as much as before."""
        self.visits[row] = memory * self.visits[row] + 1.0
        self.successes[row] = memory * self.successes[row] + success
        self.best[row] = max(self.best[row], score)
        self.played[row], self.latest[row], self.solved[row] = played, score, success

    def replace(self, row: int, level: Levels) -> None:
        """Puts another level in the place of one."""
        for column, value in zip(self, level, strict=True):
            column[row] = value[0]

    def joined(self, others: Levels) -> Levels:
        """The levels of this and of another, one after the other."""
        return Levels(*(np.concatenate(columns) for columns in zip(self, others, strict=True)))


def no_levels(dimensions: int) -> Levels:
    """None at all."""
    whole, real = np.empty(0, np.int64), np.empty(0)
    return Levels(whole, np.empty((0, dimensions)), whole, real, real, real, real, np.empty(0, np.bool_)).copy()


def new_level(identity: int, unit: Array, played: int, score: float, success: bool) -> Levels:
    """A level after its first episode, as one row."""
    counts = np.ones(1), np.array([float(success)])
    scores = np.array([score]), np.array([score])
    return Levels(np.array([identity]), unit[None].copy(), np.array([played]), *counts, *scores, np.array([success]))


def learnability(levels: Levels) -> Array:
    """The expectation of p(1 - p), where p is the success rate, which is uniform before the first visit.

    That of Sampling for Learnability (Rutherford et al., NeurIPS 2024, arXiv 2408.15099), from few visits.
    """
    won, lost = 1.0 + levels.successes, 1.0 + levels.visits - levels.successes
    return np.asarray(won * lost / ((won + lost) * (won + lost + 1.0)))


def max_return_gap(levels: Levels) -> Array:
    """By how much the best score seen in a level is above the latest.

    MaxMC (Jiang et al., NeurIPS 2021, arXiv 2110.02439), for episodes as a whole instead of values of states.
    """
    return levels.best - levels.latest


def replay_weights(scores: Array, age: NDArray[np.int64], temperature: float, staleness: float) -> Array:
    """The probabilities with which levels are replayed (Prioritized Level Replay, arXiv 2010.03934).

    Args:
        scores: Of the levels, (levels,). The highest has rank 1; those that are alike have the same.
        age: Episodes since each was last played, (levels,).
        temperature: A rank's weight is its power of -1 / temperature, β of the paper.
        staleness: Share of the probability that goes by age, ρ of the paper.
    """
    by_score = rankdata(-scores, method="min") ** (-1.0 / temperature)
    by_score /= by_score.sum()
    if not age.any():
        return np.asarray(by_score)
    return np.asarray((1.0 - staleness) * by_score + staleness * age / age.sum())
