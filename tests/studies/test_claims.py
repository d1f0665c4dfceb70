"""What a study claims is declared before its first run, and judged by its runs."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from small_studies import study_of

from blendgym.errors import InvalidStudy
from blendgym.studies.arms import make_arm
from blendgym.studies.claims import Claim, finding_of
from blendgym.studies.comparison import carry_out
from blendgym.studies.files import read_struct
from blendgym.studies.results import findings, load_outcome
from blendgym.studies.runs import record_of
from blendgym.studies.study import Study, StudyFolder

TWICE = Claim(arm="frontier", against="uniform", metric="hard, test", ratio=2.0, lower_end=1.5)
DECLARED = Path(__file__).parents[2] / "benchmarks" / "studies"


@pytest.mark.parametrize(
    ("gain", "spread", "holds"),
    [(2.2, 0.02, True), (1.9, 0.02, False), (2.2, 1.0, False)],
    ids=["clearly", "too little", "too uncertain"],
)
def test_a_claim_holds_if_ratio_and_interval_are_high_enough(gain, spread, holds):
    generator = np.random.default_rng(0)
    uniform, frontier = (
        np.clip(mean * (1.0 + spread * generator.standard_normal(20)), 0.0, None) for mean in (0.2, gain * 0.2)
    )
    found = finding_of(TWICE, frontier, uniform, resamples=500, confidence=0.95)
    assert found.ratio.low < found.ratio.estimate < found.ratio.high
    assert found.ratio.estimate == pytest.approx(gain, rel=0.4)
    assert found.holds is holds


def test_a_ratio_to_nothing_is_huge_and_not_an_error():
    found = finding_of(TWICE, np.full(8, 0.2), np.zeros(8), resamples=50, confidence=0.95)
    assert found.ratio.low > 1e4


def test_a_claim_of_an_arm_that_there_is_not_is_refused():
    with pytest.raises(InvalidStudy, match="claims something of frontier"):
        study_of("none", claims=(TWICE,))


def test_the_first_seeds_are_judged_now_and_the_others_later(tmp_path):
    claim = Claim(arm="frontier", against="uniform", metric="uniform", ratio=0.1)
    study, folder = study_of("frontier", seeds=(3, 4, 5), claims=(claim,)), StudyFolder(tmp_path)
    carry_out(folder, study, processes=1, seeds=1)
    (first,) = findings(load_outcome(folder))
    assert first.runs == 1
    kept = {job.folder for job in folder.jobs(study) if record_of(job.folder)}
    carry_out(folder, study, processes=1)
    (second,) = findings(load_outcome(folder))
    assert second.runs == 3
    assert len(kept) == 2


def test_the_confirming_study_of_the_cart_pole_is_declared_as_it_was_asked_for():
    study = read_struct(DECLARED / "frontier_cartpole.json", Study)
    assert set(study.arms) == {"uniform", "frontier", "oracle80", "learnability", "alp_gmm", "random_acquisition"}
    assert len(study.seeds) == 100
    assert min(study.seeds) > 1002, "seeds that nothing was tuned on"
    assert (study.steps, study.student) == (614_400, "ppo")
    asked = {(claim.metric, claim.against): (claim.ratio, claim.lower_end) for claim in study.claims}
    assert asked == {
        ("hard, test", "uniform"): (1.8, 1.5),
        ("worst 20% of uniform", "uniform"): (1.5, 0.0),
        ("uniform", "uniform"): (1.0, 1.0),
        ("edges", "uniform"): (1.0, 1.0),
        ("hard, test", "oracle80"): (0.85, 0.0),
    }


def table_of(name):
    """The rows of a study's table, by metric and arm."""
    with (DECLARED / f"{name}.csv").open() as file:
        return {(row["metric"], row["arm"]): row for row in csv.DictReader(file)}


def interval_of(row, digits):
    mean, low, high = (f"{float(row[name]):.{digits}f}" for name in ("iqm", "iqm_low", "iqm_high"))
    return f"{mean} [{low}, {high}]"


def test_the_page_says_what_came_of_the_confirming_study():
    root = DECLARED.parents[1]
    page = (root / "docs" / "adaptive_dr.md").read_text()
    rows = table_of("frontier_cartpole")
    digits = {"hard, test": 3, "uniform": 3, "edges": 3, "worst 20% of uniform": 4}
    for arm in read_struct(DECLARED / "frontier_cartpole.json", Study).arms:
        told = next(line for line in page.splitlines() if line.replace("*", "").startswith(f"| `{arm}` |"))
        cells = [interval_of(rows[metric, arm], count) for metric, count in digits.items()]
        assert told.replace("*", "") == f"| `{arm}` | {' | '.join(cells)} |"
    nominal = [float(rows["nominal", arm]["mean"]) for arm in ("frontier", "uniform")]
    assert "plain means are {:.2f} and {:.2f}".format(*nominal) in page
    gained = [float(rows["hard, test", arm]["iqm"]) for arm in ("frontier", "uniform")]
    for text in (page, (root / "README.md").read_text(), (root / "CHANGELOG.md").read_text()):
        assert f"{gained[0] / gained[1]:.2f} times as many hard" in text


def test_the_page_says_what_came_of_the_teachers_that_were_tuned_anew():
    page = (DECLARED.parents[1] / "docs" / "adaptive_dr.md").read_text()
    rows = table_of("more_teachers")
    study = read_struct(DECLARED / "more_teachers.json", Study)
    for arm in study.arms:
        cells = [interval_of(rows[metric, arm], 3) for metric in ("hard, test", "uniform", "edges")]
        assert f"| `{arm}` | {' | '.join(cells)} | {float(rows['nominal', arm]['mean']):.2f} |" in page
        is_ahead = float(rows["hard, test", arm]["p_value_holm"]) < study.rules.significance
        assert is_ahead == (arm == "frontier"), "which the page says of it alone"
    gained = [float(rows["hard, test", arm]["iqm"]) for arm in ("frontier", "uniform")]
    assert f"{gained[0] / gained[1]:.2f} times in these ten seeds" in page


@pytest.mark.parametrize(("name", "ratio"), [("asymmetric_critic", "1.06"), ("constant_learning_rate", "1.32")])
def test_the_page_says_what_came_of_other_students(name, ratio):
    page = (DECLARED.parents[1] / "docs" / "adaptive_dr.md").read_text()
    rows = table_of(name)
    for arm in ("uniform", "frontier"):
        cells = [interval_of(rows[metric, arm], 3) for metric in ("hard, test", "uniform")]
        assert f"| `{arm}` | {' | '.join(cells)} | {float(rows['nominal', arm]['mean']):.2f} |" in page
    gained = [float(rows["hard, test", arm]["iqm"]) for arm in ("frontier", "uniform")]
    assert f"{gained[0] / gained[1]:.2f}" == ratio
    assert f"| {ratio} (" in page


VEHICLES = sorted(DECLARED.glob("frontier_*.json"))
CART_POLE = DECLARED / "frontier_cartpole.json"


@pytest.mark.parametrize("file", VEHICLES, ids=lambda file: file.stem)
def test_every_vehicle_is_judged_by_the_rules_of_the_cart_pole_on_seeds_and_an_exam_of_its_own(file):
    study, first = read_struct(file, Study), read_struct(CART_POLE, Study)
    others = [read_struct(other, Study) for other in VEHICLES if other != file]
    assert study.rules == first.rules
    assert {"uniform", "frontier", "oracle80"} <= set(study.arms)
    assert min(study.seeds) >= min(first.seeds), "seeds that nothing was tuned on"
    assert not set(study.seeds) & {seed for other in others for seed in other.seeds}
    assert study.exam_seed not in {other.exam_seed for other in others}
    assert any(
        (claim.arm, claim.against, claim.metric) == ("frontier", "uniform", "hard, test") for claim in study.claims
    )


FINISHED = [file for file in VEHICLES if file.with_suffix(".csv").exists()]


@pytest.mark.parametrize("file", FINISHED, ids=lambda file: file.stem)
def test_the_page_says_what_came_of_each_vehicle_that_is_finished(file):
    page = (DECLARED.parents[1] / "docs" / "adaptive_dr.md").read_text()
    study, arms, rows = read_struct(file, Study), ("uniform", "frontier", "oracle80"), table_of(file.stem)
    assert {int(rows["hard, test", arm]["runs"]) for arm in arms} == {len(study.seeds)}
    cells = " | ".join(interval_of(rows["hard, test", arm], 3) for arm in arms)
    gained = [float(rows["hard, test", arm]["iqm"]) for arm in ("frontier", "uniform")]
    assert f"| {len(study.seeds)} | {cells} | {gained[0] / gained[1]:.2f} (" in page


FURTHER = ("more_teachers", "asymmetric_critic", "constant_learning_rate")


@pytest.mark.parametrize("name", FURTHER)
def test_what_else_could_win_is_asked_by_the_exam_of_the_cart_pole_on_fresh_seeds(name):
    study, first = read_struct(DECLARED / f"{name}.json", Study), read_struct(CART_POLE, Study)
    same = ("env_id", "ranges", "steps", "checkpoints", "exam", "exam_seed", "rules")
    assert [getattr(study, each) for each in same] == [getattr(first, each) for each in same]
    others = [DECLARED / f"{other}.json" for other in FURTHER if other != name]
    assert not {seed for file in (*VEHICLES, *others) for seed in read_struct(file, Study).seeds} & set(study.seeds)
    assert {"uniform", "frontier"} <= set(study.arms)
    for arm in study.arms:
        make_arm(arm, study.parameters)


def test_blender_has_the_last_word_on_the_ranges_and_the_exam_of_the_cart_pole():
    study, first = read_struct(DECLARED / "blender_cartpole.json", Study), read_struct(CART_POLE, Study)
    same = ("env_id", "ranges", "exam", "exam_seed", "rules")
    assert [getattr(study, each) for each in same] == [getattr(first, each) for each in same]
    taken = {seed for file in VEHICLES for seed in read_struct(file, Study).seeds}
    assert not taken & set(study.seeds)
    assert (study.student, study.arms) == ("sb3", ("uniform", "frontier"))
