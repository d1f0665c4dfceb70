"""Statistics of studies, against closed forms and numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from blendgym.errors import InvalidOption
from blendgym.statistics import (
    area_under_curve,
    bootstrap,
    conditional_value_at_risk,
    holm,
    interquartile_mean,
    performance_profile,
    probability_of_improvement,
    welch,
)


def test_the_interquartile_mean_drops_a_quarter_at_each_end():
    assert interquartile_mean([[0.0, 9.0], [1.0, 2.0], [3.0, 4.0], [-100.0, 5.0]]) == pytest.approx((1 + 2 + 3 + 4) / 4)


def test_the_interquartile_mean_keeps_leading_axes():
    scores = np.arange(24.0).reshape(3, 8, 1)
    assert interquartile_mean(scores) == pytest.approx([3.5, 11.5, 19.5])


def test_a_performance_profile_counts_scores_above_each_threshold():
    assert performance_profile([[0.1, 0.4], [0.6, 0.9]], [0.0, 0.4, 0.5, 1.0]) == pytest.approx([1.0, 0.5, 0.5, 0.0])


def test_the_probability_of_improvement_counts_pairs_and_halves_ties():
    # 3 against 1, 3: one win and one tie; 5 against 1, 3: two wins.
    assert probability_of_improvement([[3.0], [5.0]], [[1.0], [3.0]]) == pytest.approx((1 + 0.5 + 2) / 4)


def test_the_probability_of_improvement_is_the_statistic_of_mann_and_whitney():
    rng = np.random.default_rng(0)
    ours, theirs = rng.normal(0.3, 1.0, (12, 1)), rng.normal(0.0, 1.0, (9, 1))
    expected = stats.mannwhitneyu(ours[:, 0], theirs[:, 0]).statistic / (12 * 9)
    assert probability_of_improvement(ours, theirs) == pytest.approx(expected)


def test_the_probability_of_improvement_is_averaged_over_tasks_not_pooled():
    ours, theirs = np.array([[1.0, 100.0]]), np.array([[0.0, 200.0]])
    assert probability_of_improvement(ours, theirs) == 0.5


def test_a_bootstrap_interval_of_the_mean_is_that_of_the_central_limit_theorem():
    scores = np.random.default_rng(1).normal(size=(400, 1))
    interval = bootstrap(lambda x: x.mean(axis=(-2, -1)), scores, generator=np.random.default_rng(2), resamples=4000)
    half = 1.96 * scores.std() / 20.0
    assert interval.estimate == pytest.approx(scores.mean())
    assert interval.low == pytest.approx(scores.mean() - half, abs=0.1 * half)
    assert interval.high == pytest.approx(scores.mean() + half, abs=0.1 * half)


def test_the_bootstrap_draws_runs_within_tasks_only():
    scores = np.array([[0.0, 100.0]] * 5)  # runs agree, tasks do not
    interval = bootstrap(lambda x: x.mean(axis=(-2, -1)), scores, generator=np.random.default_rng(0))
    assert interval == (50.0, 50.0, 50.0)


def test_the_bootstrap_draws_runs_anew_for_every_task():
    scores = np.array([[1.0, 0.0], [0.0, 1.0]] * 5)  # drawn together, the mean would always be 0.5
    interval = bootstrap(lambda x: x.mean(axis=(-2, -1)), scores, generator=np.random.default_rng(0))
    assert interval.low < 0.4 < 0.6 < interval.high


def test_the_bootstrap_draws_two_groups_independently():
    rng = np.random.default_rng(3)
    ours, theirs = rng.normal(0.0, 1.0, (30, 1)), rng.normal(0.0, 1.0, (20, 1))
    interval = bootstrap(probability_of_improvement, ours, theirs, generator=rng)
    assert interval.low < interval.estimate < interval.high
    # Variance of U for equal distributions (Mann and Whitney, 1947).
    deviation = np.sqrt(30 * 20 * 51 / 12) / (30 * 20)
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * deviation, rel=0.2)


def test_the_same_generator_gives_the_same_interval():
    scores = np.random.default_rng(0).random((10, 1))
    first, second = (bootstrap(interquartile_mean, scores, generator=np.random.default_rng(5)) for _ in range(2))
    assert first == second


def test_the_value_at_risk_is_the_mean_of_the_worst():
    scores = np.arange(10.0)[::-1]
    assert conditional_value_at_risk(scores, 0.2) == pytest.approx(0.5)
    assert conditional_value_at_risk(scores, 0.25) == pytest.approx((0 + 1 + 0.5 * 2) / 2.5)
    assert conditional_value_at_risk(scores, 1.0) == pytest.approx(scores.mean())


def test_the_area_under_a_curve_weighs_checkpoints_by_their_distance():
    assert area_under_curve([0, 1, 3], [0.0, 1.0, 0.0]) == pytest.approx((0.5 + 1.0) / 3)
    assert area_under_curve([7], [0.4]) == pytest.approx(0.4)


def test_welch_tests_as_scipy_does_and_knows_constants():
    rng = np.random.default_rng(4)
    ours, theirs = rng.normal(size=8), rng.normal(1.0, 2.0, size=11)
    difference = ours.mean() - theirs.mean()
    variances = ours.var(ddof=1) / 8, theirs.var(ddof=1) / 11
    freedom = sum(variances) ** 2 / (variances[0] ** 2 / 7 + variances[1] ** 2 / 10)
    expected = 2 * stats.t.sf(abs(difference) / np.sqrt(sum(variances)), freedom)
    assert welch(ours, theirs) == pytest.approx(expected)
    assert welch([0.0, 0.0], [0.0, 0.0]) == 1.0
    assert welch([0.0, 0.0], [1.0, 1.0]) == 0.0
    assert welch([0.0], [1.0, 1.1]) == 1.0


def test_holm_multiplies_by_the_tests_that_are_left_and_never_reorders():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []


@pytest.mark.parametrize("scores", [[], [[]], [1.0], [[np.nan]]])
def test_scores_that_are_none_are_refused(scores):
    with pytest.raises(InvalidOption, match="finite numbers"):
        interquartile_mean(scores)


@pytest.mark.parametrize("share", [0.0, 1.1, float("nan")])
def test_a_share_of_nothing_is_refused(share):
    with pytest.raises(InvalidOption, match="share"):
        conditional_value_at_risk([1.0], share)


def test_the_area_under_a_curve_without_width_is_its_mean():
    np.testing.assert_allclose(area_under_curve([8192, 8192, 8192], [[0.1, 0.2, 0.6]]), [0.3])
