"""After how many steps an arm is as good as the baseline is at its end."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_up_outcomes import STEPS, outcome_of

from blendgym.studies.efficiency import arrivals, steps_to_reach
from blendgym.studies.exams import UNIFORM

RISING = (0, 6, 12, 18)
"""Of 24 questions, by checkpoint."""


@pytest.mark.parametrize(
    ("curve", "level", "steps"),
    [
        ((0.0, 0.2, 0.4, 0.6), 0.3, 250),
        ((0.0, 0.2, 0.4, 0.6), 0.4, 300),
        ((0.0, 0.6, 0.2, 0.8), 0.3, 150),
        ((0.5, 0.6, 0.7, 0.8), 0.3, 100),
        ((0.3, 0.3, 0.3, 0.3), 0.3, 100),
        ((0.0, 0.1, 0.1, 0.2), 0.3, math.inf),
    ],
    ids=["between", "at a checkpoint", "for the first time", "from the beginning", "flat", "never"],
)
def test_a_curve_reaches_a_level_where_the_line_between_checkpoints_crosses_it(curve, level, steps):
    assert steps_to_reach(STEPS, np.array([curve]), np.array([level])) == pytest.approx([steps])


def test_an_arm_arrives_where_it_crosses_the_mean_of_the_baselines_last_three_checkpoints():
    outcome = outcome_of(uniform=[RISING] * 4, frontier=[(0, 18, 20, 22)] * 4)
    (arrival,) = arrivals(outcome, UNIFORM)
    assert (arrival.arm, arrival.section) == ("frontier", UNIFORM)
    assert arrival.level == pytest.approx(12 / 24)
    assert arrival.steps == pytest.approx((100 + 100 * 12 / 18,) * 3)


def test_an_interval_of_runs_that_differ_surrounds_the_estimate_and_may_end_in_never():
    slow = [(0, 2, 4, 6)] * 3
    fast = [(0, 12 + run, 14 + run, 16 + run) for run in range(6)]
    (arrival,) = arrivals(outcome_of(uniform=[RISING] * 6, frontier=fast + slow), UNIFORM)
    assert arrival.steps.low < arrival.steps.estimate < arrival.steps.high == math.inf
    (certain,) = arrivals(outcome_of(uniform=[RISING] * 6, frontier=fast), UNIFORM)
    assert certain.steps.high < math.inf


def test_an_arm_that_is_never_as_good_never_arrives():
    (arrival,) = arrivals(outcome_of(uniform=[RISING] * 4, frontier=[(0, 1, 2, 3)] * 4), UNIFORM)
    assert arrival.steps == (math.inf,) * 3


def test_without_a_baseline_or_hard_questions_there_is_nothing_to_arrive_at():
    assert arrivals(outcome_of(frontier=[RISING]), UNIFORM) == []
    assert arrivals(outcome_of(uniform=[RISING], frontier=[RISING])) == []
