"""Sample efficiency: after how many charged steps an arm is as good as the baseline is at its end."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters.draws import keyed_generator
from blendgym.statistics import Interval, interquartile_mean
from blendgym.studies.arms import BASELINE
from blendgym.studies.exams import HARD_TEST
from blendgym.studies.results import Arm, Outcome, curve

Array = NDArray[Any]


class Arrival(NamedTuple):
    """When an arm has come to where the baseline ends.

    Args:
        arm: The name of the arm.
        section: The section of the exam.
        level: The final success of the baseline there: the interquartile mean of its runs.
        steps: Charged until the interquartile mean of the arm's runs is that high; infinite if it never is.
    """

    arm: str
    section: str
    level: float
    steps: Interval


def arrivals(outcome: Outcome, section: str = HARD_TEST) -> list[Arrival]:
    """When each arm has come to where the baseline ends; none without runs of the baseline, or without the section.

    Intervals are percentiles of a bootstrap that draws whole runs, of the arm and of the baseline.

    Args:
        outcome: What has come of a study so far.
        section: The section of the exam by which arms are compared.
    """
    baseline, rows = outcome.arm(BASELINE), outcome.exam.counted.get(section)
    if baseline is None or rows is None:
        return []
    finals = curve(baseline, rows)[:, -outcome.study.rules.final_checkpoints :].mean(axis=1)
    return [_arrival(arm, section, curve(arm, rows), finals, outcome) for arm in outcome.arms if arm is not baseline]


def steps_to_reach(steps: Array, curves: Array, level: Array) -> Array:
    """Steps at which curves (…, checkpoints) first come to a level (…,), on straight lines between checkpoints: (…,).

    Nothing is known of what was before the first checkpoint, so one that is high enough there has the steps of that;
    one that never is has infinitely many.
    """
    reached = curves >= level[..., None]
    first = reached.argmax(axis=-1)
    before = np.maximum(first - 1, 0)
    low, high = (np.take_along_axis(curves, at[..., None], axis=-1)[..., 0] for at in (before, first))
    rise = np.where(high > low, high - low, 1.0)
    share = np.where(first > 0, (level - low) / rise, 0.0)
    crossed = steps[before] + share * (steps[first] - steps[before])
    return np.where(reached.any(axis=-1), crossed, np.inf)


def _arrival(arm: Arm, section: str, curves: Array, finals: Array, outcome: Outcome) -> Arrival:
    rules, generator = outcome.study.rules, keyed_generator("arrival", section, arm.name)
    level = _middle(finals[None])
    drawn = steps_to_reach(
        arm.steps,
        _middle(np.moveaxis(curves[_rows(generator, len(curves), rules.resamples)], -1, 1)),
        _middle(finals[_rows(generator, len(finals), rules.resamples)]),
    )
    ends = [(1.0 - rules.confidence) / 2.0, (1.0 + rules.confidence) / 2.0]
    # Of the numbers themselves, for there is nothing between a finite and an infinite one.
    low, high = np.quantile(drawn, ends, method="inverted_cdf").tolist()
    estimate = steps_to_reach(arm.steps, _middle(curves.T)[None], level)
    return Arrival(arm.name, section, float(level[0]), Interval(float(estimate[0]), low, high))


def _rows(generator: np.random.Generator, runs: int, resamples: int) -> Array:
    return generator.integers(runs, size=(resamples, runs))


def _middle(runs: Array) -> Array:
    """Interquartile means of runs (…, runs): (…,)."""
    return interquartile_mean(runs[..., None])
