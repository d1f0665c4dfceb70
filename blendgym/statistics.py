"""Statistics for few, noisy runs.

Where nothing else is said, definitions are those of Agarwal et al., "Deep Reinforcement Learning at the Edge of the
Statistical Precipice" (NeurIPS 2021), and scores are float64 (..., runs, tasks): one row for each seed, one column for
each thing that is scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from blendgym.errors import InvalidOption

Array = NDArray[np.float64]
Statistic = Callable[[Array], Array]


class Interval(NamedTuple):
    """An estimate with its confidence interval."""

    estimate: float
    low: float
    high: float


def interquartile_mean(scores: ArrayLike) -> Array:
    """Mean of the middle half of all scores, runs and tasks together: (...,)."""
    pooled = _checked(scores)
    pooled = pooled.reshape(*pooled.shape[:-2], -1)
    return np.asarray(stats.trim_mean(pooled, 0.25, axis=-1))


def performance_profile(scores: ArrayLike, thresholds: ArrayLike) -> Array:
    """The share of scores, runs and tasks together, above each threshold: (thresholds,)."""
    above = _checked(scores)[..., None] > np.asarray(thresholds)
    return np.asarray(above.mean(axis=(0, 1)))


def probability_of_improvement(scores: ArrayLike, baseline: ArrayLike) -> Array:
    """How probable it is that a run scores higher than one of the baseline, averaged over tasks: (...,).

    Ties count half, as in the Mann-Whitney U statistic.
    """
    ours, theirs = _checked(scores)[..., :, None, :], _checked(baseline)[..., None, :, :]
    wins = (ours > theirs) + 0.5 * (ours == theirs)
    return np.asarray(wins.mean(axis=(-3, -2, -1)))


def bootstrap(
    statistic: Callable[..., Array], *groups: ArrayLike, generator: np.random.Generator, resamples: int = 2000,
    confidence: float = 0.95,
) -> Interval:  # fmt: skip
    """Percentile interval of a statistic of groups of runs, stratified by task.

    Runs are drawn with replacement for every task on its own, and in every group on its own.

    Args:
        statistic: Of as many arrays (..., runs, tasks) as there are groups.
        groups: Scores (runs, tasks) each.
        generator: Of the draws.
        resamples: How many times.
        confidence: Of the interval.
    """
    arrays = [_checked(group) for group in groups]
    drawn = statistic(*(_resampled(array, generator, resamples) for array in arrays))
    low, high = np.quantile(drawn, [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0])
    return Interval(float(statistic(*arrays)), float(low), float(high))


def conditional_value_at_risk(scores: ArrayLike, share: float) -> Array:
    """Mean of the worst share of the scores along the last axis: (...,).

    A score that is only partly among the worst counts with that part (Rockafellar and Uryasev, "Conditional
    value-at-risk for general loss distributions", 2002).
    """
    if not 0.0 < share <= 1.0:
        raise InvalidOption(f"The share of the worst scores is {share}; expected more than 0 and at most 1.")
    ordered = np.sort(_checked(scores, dimensions=1), axis=-1)
    worst = share * ordered.shape[-1]
    weights = np.clip(worst - np.arange(ordered.shape[-1]), 0.0, 1.0)
    return np.asarray(ordered @ weights / worst)


def area_under_curve(steps: ArrayLike, scores: ArrayLike) -> Array:
    """Mean height of a curve (..., checkpoints) by the trapezoidal rule, from its first to its last step: (...,).

    Where all checkpoints are at one step, because a student's updates are longer than a study, it is their mean.
    """
    at, heights = np.asarray(steps, np.float64), _checked(scores, dimensions=1)
    if at[-1] == at[0]:
        return np.asarray(heights.mean(axis=-1))
    return np.asarray(((heights[..., 1:] + heights[..., :-1]) / 2.0) @ np.diff(at) / (at[-1] - at[0]))


def welch(scores: ArrayLike, baseline: ArrayLike) -> float:
    """Two-sided p-value of Welch's test that two groups of runs have the same mean.

    A single run proves nothing and gives 1; without any spread, equal means give 1 and different ones 0.
    """
    ours, theirs = _checked(scores, dimensions=1), _checked(baseline, dimensions=1)
    if min(len(ours), len(theirs)) < 2:
        return 1.0
    if np.ptp(ours) == np.ptp(theirs) == 0.0:
        return float(ours[0] == theirs[0])
    moments = [moment for group in (ours, theirs) for moment in (group.mean(), group.std(ddof=1), len(group))]
    return float(stats.ttest_ind_from_stats(*moments, equal_var=False).pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values of several tests, corrected for their number (Holm, 1979)."""
    order = np.argsort(p_values, kind="stable")
    factors = len(p_values) - np.arange(len(p_values))
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.maximum.accumulate(factors * np.asarray(p_values)[order]), 1.0)
    return [float(p_value) for p_value in corrected]


def _resampled(scores: Array, generator: np.random.Generator, resamples: int) -> Array:
    runs, tasks = scores.shape
    rows = generator.integers(runs, size=(resamples, runs, tasks))
    return np.asarray(scores[rows, np.arange(tasks)])


def _checked(scores: ArrayLike, dimensions: int = 2) -> Array:
    array = np.asarray(scores, np.float64)
    if array.ndim < dimensions or array.size == 0 or not np.isfinite(array).all():
        raise InvalidOption(
            f"Scores are finite numbers in an array of {dimensions} dimensions or more, at least one along each; "
            f"got the shape {array.shape} and {np.count_nonzero(~np.isfinite(array))} numbers that are not finite."
        )
    return array
