"""What a policy sees of a student and its parameters, and that it treats all of them alike."""

from __future__ import annotations

import numpy as np
import pytest
from meta_environments import episodes_at

from blendgym.meta.distribution import LEAST_WIDTH
from blendgym.meta.observations import GLOBAL_FEATURES, PARAMETER_FEATURES, Observation, Observer
from blendgym.meta.policies import SharedPolicy
from blendgym.parameters.episodes import PLAIN, UNIFORM


def test_a_shared_policy_does_the_same_whatever_the_order_of_the_parameters():
    generator = np.random.default_rng(0)
    policy = SharedPolicy.linear(generator.normal(size=SharedPolicy.size()))
    rows = generator.uniform(-1, 1, (4, len(PARAMETER_FEATURES)))
    overall = generator.uniform(-1, 1, len(GLOBAL_FEATURES))
    order = [2, 0, 3, 1]
    moves = policy(Observation(rows, overall)).reshape(4, 2)
    np.testing.assert_allclose(policy(Observation(rows[order], overall)).reshape(4, 2), moves[order])


def test_an_observation_says_where_the_student_passes():
    low, high = np.array([0.2, 0.4]), np.array([0.6, 0.5])
    generator = np.random.default_rng(0)
    unit = generator.random((2000, 2))
    tags = np.where(generator.random(2000) < 0.5, UNIFORM, PLAIN)
    successes = (unit[:, 0] < 0.4) & (tags == UNIFORM)
    observer = Observer(2)
    observer.observe(episodes_at(unit, tags, successes))
    parameters, overall = observer.observation(low, high, budget_left=0.75)
    named = dict(zip(PARAMETER_FEATURES, parameters[0], strict=True))
    assert named["low"] == pytest.approx(-0.6)
    assert named["high"] == pytest.approx(0.2)
    assert named["success_near_low"] == pytest.approx(0.0, abs=0.35), "half of the episodes there pass"
    assert named["success_near_high"] < -0.9
    assert named["success_in_bin_0"] == pytest.approx(0.0, abs=0.35)
    assert named["success_in_bin_4"] < -0.9
    assert dict(zip(GLOBAL_FEATURES, overall, strict=True)) == pytest.approx(
        {"uniform_success": -0.2, "distribution_success": -1.0, "uniform_slope": 0.0, "distribution_slope": 0.0,
         "entropy_per_dimension": 1 - (np.log(0.4) + np.log(0.1)) / np.log(LEAST_WIDTH), "budget_left": 0.5},
        abs=0.15,
    )  # fmt: skip


def test_slopes_are_positive_where_the_student_gets_better():
    observer = Observer(1)
    for passed in (False, True):
        observer.observe(episodes_at(np.full((200, 1), 0.3), np.full(200, PLAIN), np.full(200, passed)))
    parameters, overall = observer.observation(np.array([0.3]), np.array([0.9]), 1.0)
    named = dict(zip(PARAMETER_FEATURES, parameters[0], strict=True))
    assert named["slope_near_low"] > 0.1
    assert named["slope_near_high"] == named["success_near_high"] == 0.0, "nothing is known there"
    assert overall[GLOBAL_FEATURES.index("distribution_slope")] > 0.1
