"""Two arms in several studies: in how many one wins."""

from __future__ import annotations

import pytest
from made_up_outcomes import outcome_of

from blendgym.errors import InvalidStudy
from blendgym.studies.across import compare_across, draw_across
from blendgym.studies.exams import UNIFORM

LOW, HIGH = [(5, 5, 5, 5), (6, 6, 6, 6), (7, 7, 7, 7)] * 3, [(11, 11, 11, 11), (12, 12, 12, 12), (13, 13, 13, 13)] * 3
WIDE = [(count,) * 4 for count in (1, 3, 5, 8, 11)]


def test_an_arm_wins_where_the_whole_interval_is_above_one_loses_below_and_ties_between():
    outcomes = [
        outcome_of(uniform=LOW, frontier=HIGH),
        outcome_of(uniform=HIGH, frontier=LOW),
        outcome_of(uniform=LOW, frontier=WIDE),
        outcome_of(uniform=WIDE, frontier=LOW),
    ]
    won, lost, *ties = compare_across(outcomes, "frontier", "uniform", UNIFORM)
    assert (won.verdict, lost.verdict, *(tie.verdict for tie in ties)) == ("win", "lose", "tie", "tie")
    assert won.ratio.estimate == pytest.approx(2.0)
    assert lost.ratio.estimate == pytest.approx(0.5)
    assert ties[0].ratio.estimate < 1.0 < ties[1].ratio.estimate
    assert (won.runs, ties[0].runs) == (9, 5)


def test_nobody_has_won_before_the_last_declared_seed():
    (first_of_two,) = compare_across([outcome_of(uniform=LOW[:1], frontier=HIGH[:1])], "frontier", "uniform", UNIFORM)
    assert first_of_two.ratio.low > 1.0
    assert first_of_two.verdict == "open"


def test_a_vehicle_is_told_by_its_environment_its_student_and_what_that_is_told():
    plain, told = outcome_of(uniform=LOW, frontier=HIGH), outcome_of(uniform=LOW, frontier=HIGH, unlearnable=2)
    names = [each.vehicle for each in compare_across([plain, told], "frontier", "uniform", UNIFORM)]
    assert names == ["BlendPendulum-v0, field", "BlendPendulum-v0, field, unlearnable 2"]


def test_a_study_without_runs_of_an_arm_is_refused_by_name():
    with pytest.raises(InvalidStudy, match="no 'uniform' of both 'frontier' and 'uniform'; the arms .* are uniform"):
        compare_across([outcome_of(uniform=LOW)], "frontier", "uniform", UNIFORM)


def test_an_arm_is_not_compared_with_itself_nor_anything_in_no_study():
    with pytest.raises(InvalidStudy, match="with itself"):
        compare_across([outcome_of(uniform=LOW)], "uniform", "uniform", UNIFORM)
    with pytest.raises(InvalidStudy, match="no studies"):
        compare_across([], "frontier", "uniform", UNIFORM)


def test_the_figure_has_a_row_for_each_study(tmp_path):
    comparisons = compare_across([outcome_of(uniform=LOW, frontier=HIGH)] * 3, "frontier", "uniform", UNIFORM)
    heights = []
    for count in (1, 3):
        draw_across(tmp_path / "across.png", comparisons[:count], "frontier", "uniform", UNIFORM)
        heights.append(int.from_bytes((tmp_path / "across.png").read_bytes()[20:24], "big"))
    assert heights[1] - heights[0] == pytest.approx(2 * 0.5 * 150, abs=2)
