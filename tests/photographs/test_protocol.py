"""Studies on photographs: what is declared and sealed before the photographs are opened, and what becomes of it."""

from __future__ import annotations

import csv
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pytest
from places import HELPERS
from toy_photographs import ARMS, PHOTOGRAPHS, SHOWN, ToyStudy

from blendgym.errors import InvalidStudy, RunsFailed, StudyInUse
from blendgym.photographs.carrying_out import carry_out
from blendgym.photographs.folder import StudyFolder
from blendgym.photographs.jobs import Job, fail, is_finished
from blendgym.photographs.renders import kept
from blendgym.photographs.results import difference_of, mean_of
from blendgym.photographs.study import ONE, Photographs, mean_score
from blendgym.studies.files import read_arrays, write_arrays


def carried_out(folder, study, accepts_failures=False):
    return carry_out(StudyFolder(folder), study, study.declaration(), ONE, accepts_failures=accepts_failures)


def test_photographs_are_opened_when_all_runs_are_sealed(tmp_path):
    class Wary(ToyStudy):
        def photographs(self, quick):
            assert (tmp_path / "lock.json").exists()
            return super().photographs(quick)

    study = Wary()
    carried_out(tmp_path, study)
    assert study.done == [(arm, seed) for seed in range(3) for arm in ("good", "bad")] + ["photographs"]


def test_a_study_leaves_tables_a_figure_and_a_page_that_needs_no_network(tmp_path):
    verdicts, _ = carried_out(tmp_path, ToyStudy())
    with (tmp_path / "summary.csv").open() as file:
        good, bad = csv.DictReader(file)
    assert (good["arm"], good["runs"], good["images"]) == ("good", "3", "2")
    expected = np.mean([PHOTOGRAPHS.images < reach for reach in (0.8, 0.85, 0.9)])
    assert float(good["mean"]) == pytest.approx(expected, abs=1e-5)
    assert float(bad["difference"]) == pytest.approx(verdicts[1].mean.estimate - expected, abs=1e-5)
    assert float(bad["to"]) < 0.0
    assert (tmp_path / "figures" / "reach.png").read_bytes()[1:4] == b"PNG"
    page = (tmp_path / "report.html").read_text()
    assert "A toy &lt;study&gt;" in page
    assert "Who sees &lt;most&gt;" in page
    assert "Who has seen photographs" not in page
    assert not (tmp_path / "lock_on_photographs.json").exists(), "a seal of nothing"
    assert "http" not in page


def test_what_is_finished_is_not_done_again(tmp_path):
    study = ToyStudy(interrupted=[("bad", 1)])
    with pytest.raises(KeyboardInterrupt):
        carried_out(tmp_path, study)
    assert study.done == [("good", 0), ("bad", 0), ("good", 1)]
    carried_out(tmp_path, study)
    assert study.done[3:] == [("bad", 1), ("good", 2), ("bad", 2), "photographs"]
    uninterrupted = tmp_path / "other"
    carried_out(uninterrupted, ToyStudy())
    assert (tmp_path / "summary.csv").read_text() == (uninterrupted / "summary.csv").read_text()


def test_what_is_trained_on_photographs_comes_after_the_seal_and_is_compared(tmp_path):
    study = ToyStudy(arms=(*ARMS, SHOWN))
    verdicts, _ = carried_out(tmp_path, study)
    assert study.done.index("photographs") == 6
    assert study.done[7:] == [each for seed in range(3) for each in ("photographs", ("shown", seed))]
    assert len(msgspec.json.decode((tmp_path / "lock.json").read_bytes())["weights"]) == 6
    assert len(msgspec.json.decode((tmp_path / "lock_on_photographs.json").read_bytes())["weights"]) == 3
    assert verdicts[2].difference.estimate > 0.0
    _, told = (tmp_path / "report.html").read_text().split("Who has seen photographs</h2>")
    assert told.index("sees most") < told.index("has seen photographs"), "what it is compared with comes first"
    carried_out(tmp_path, study)
    assert study.done[13:] == ["photographs"]


def test_networks_are_examined_on_something_else_without_being_trained_again(tmp_path):
    moved = msgspec.structs.replace(ARMS[1], name="moved", question="shown", networks_of="bad")
    study = ToyStudy(arms=(*ARMS, moved))
    verdicts, failed = carried_out(tmp_path, study)
    assert (study.done.count("photographs"), len(study.done), failed) == (1, 7, {})
    assert [(each.arm, each.mean) for each in verdicts[1:]] == [("bad", verdicts[1].mean), ("moved", verdicts[1].mean)]
    with (tmp_path / "results.csv").open() as file:
        assert [row["arm"] for row in csv.DictReader(file)] == ["good"] * 3 + ["bad"] * 3 + ["moved"] * 3
    assert "All 6 runs have finished" in (tmp_path / "report.html").read_text()


def test_networks_of_an_arm_that_comes_later_are_refused():
    early = msgspec.structs.replace(ARMS[0], name="early", networks_of="good")
    with pytest.raises(InvalidStudy, match="'early' has the networks of 'good'; expected an arm before it"):
        ToyStudy(arms=(early, *ARMS)).declaration()


def test_other_photographs_count_for_the_checksum():
    both = PHOTOGRAPHS._replace(others=(PHOTOGRAPHS,))
    changed = PHOTOGRAPHS._replace(others=(PHOTOGRAPHS._replace(truths=PHOTOGRAPHS.truths / 2.0),))
    assert len({each.checksum for each in (PHOTOGRAPHS, both, changed)}) == 3


def test_a_rehearsal_says_that_it_is_one(tmp_path):
    study = ToyStudy()
    carry_out(StudyFolder(tmp_path), study, study.declaration(quick=True), ONE)
    assert "This is a rehearsal" in (tmp_path / "report.html").read_text()


def test_a_run_that_fails_leaves_the_photographs_closed_and_is_tried_again(tmp_path):
    study = ToyStudy(fails=[("good", 1)])
    with pytest.raises(RunsFailed, match="1 of 6 runs have failed, good-seed1 by RenderError: The light is <out>"):
        carried_out(tmp_path, study)
    assert "photographs" not in study.done
    assert not (tmp_path / "lock.json").exists()
    again = ToyStudy()
    verdicts, failed = carried_out(tmp_path, again)
    assert again.done == [("good", 1), "photographs"]
    assert ([verdict.runs for verdict in verdicts], failed) == ([3, 3], {})


def test_a_failure_that_is_accepted_is_named_and_does_not_count(tmp_path):
    verdicts, failed = carried_out(tmp_path, ToyStudy(fails=[("good", 1)]), accepts_failures=True)
    assert [verdict.runs for verdict in verdicts] == [2, 3]
    assert failed == {"good-seed1": "RenderError: The light is <out>."}
    assert "The light is &lt;out&gt;." in (tmp_path / "report.html").read_text()


def test_a_run_on_photographs_that_fails_is_named_too_and_tried_again(tmp_path):
    _, failed = carried_out(tmp_path, ToyStudy(arms=(*ARMS, SHOWN), fails=[("shown", 2)]))
    assert failed == {"shown-seed2": "RenderError: The light is <out>."}
    assert "shown-seed2 has failed" in (tmp_path / "report.html").read_text()
    verdicts, failed = carried_out(tmp_path, ToyStudy(arms=(*ARMS, SHOWN)))
    assert (verdicts[2].runs, failed) == (3, {})


def test_nothing_is_trained_after_the_photographs_were_opened(tmp_path):
    carried_out(tmp_path, ToyStudy(fails=[("good", 1)]), accepts_failures=True)
    again = ToyStudy()
    carried_out(tmp_path, again)
    assert again.done == ["photographs"]


def test_a_second_command_is_told_that_there_is_a_first(tmp_path):
    class Impatient(ToyStudy):
        def photographs(self, quick):
            with pytest.raises(StudyInUse, match="Another process works on"):
                carried_out(tmp_path, ToyStudy())
            return super().photographs(quick)

    verdicts, _ = carried_out(tmp_path, Impatient())
    assert [verdict.runs for verdict in verdicts] == [3, 3]


def test_what_is_finished_is_never_noted_as_failed(tmp_path):
    carried_out(tmp_path, ToyStudy())
    job = Job("toy_photographs:ToyStudy", tmp_path, "good", 0, ONE)
    fail(job, "Somebody else was faster.")
    assert is_finished(job.folder)


def test_a_seal_that_is_gone_is_missed(tmp_path):
    carried_out(tmp_path, ToyStudy())
    (tmp_path / "lock.json").unlink()
    with pytest.raises(InvalidStudy, match="lock.json is gone"):
        carried_out(tmp_path, ToyStudy())


class Killed(ToyStudy):
    """Of which one run kills its process, and another one raises an error."""

    def __init__(self):
        super().__init__(fails=[("good", 2)], arms=(*ARMS, SHOWN))

    def train(self, declaration, arm, seed, producers, renders, report):
        if (arm.name, seed) == ("bad", 1):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().train(declaration, arm, seed, producers, renders, report)


def test_runs_side_by_side_come_to_the_same_and_one_that_dies_takes_no_other_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HELPERS), str(Path(__file__).parent)]))
    study = Killed()
    verdicts, failed = carry_out(
        StudyFolder(tmp_path / "two"), study, study.declaration(), ONE, 2, accepts_failures=True
    )
    assert study.done == ["photographs"]
    assert failed == {
        "good-seed2": "RenderError: The light is <out>.",
        "bad-seed1": "The process of the run was killed by SIGKILL (perhaps by the kernel, out of memory).",
    }
    alone = ToyStudy(fails=[("good", 2), ("bad", 1)], arms=study.arms)
    expected, _ = carry_out(StudyFolder(tmp_path / "one"), alone, alone.declaration(), ONE, 1, accepts_failures=True)
    assert [each.mean for each in verdicts] == [each.mean for each in expected]


def test_renders_that_several_runs_want_are_made_once(tmp_path):
    made = []

    def make():
        made.append(1)
        time.sleep(0.2)
        return {"images": np.arange(3)}

    with ThreadPoolExecutor(3) as pool:
        kept_ones = [pool.submit(kept, tmp_path, ("pose",), 0, make) for _ in range(3)]
    assert [each.result()["images"].tolist() for each in kept_ones] == [[0, 1, 2]] * 3
    assert made == [1]


@pytest.mark.parametrize("run", ["good-seed0", "shown-seed1"])
def test_a_network_that_is_changed_after_that_is_refused(tmp_path, run):
    study = ToyStudy(arms=(*ARMS, SHOWN))
    carried_out(tmp_path, study)
    write_arrays(tmp_path / "runs" / run / "weights.npz", reach=np.array([1.0]))
    with pytest.raises(InvalidStudy, match="has been changed since"):
        carried_out(tmp_path, study)


@pytest.mark.parametrize("damage", [lambda content: b"", lambda content: content[:-30], lambda content: b"text"])
def test_renders_that_are_damaged_are_made_anew(tmp_path, damage):
    def make():
        return {"images": np.arange(30)}

    kept(tmp_path, ("pose",), 0, make)
    (file,) = tmp_path.glob("*.npz")
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(InvalidStudy, match="cannot be read as NumPy arrays"):
        read_arrays(file)
    assert kept(tmp_path, ("pose",), 0, make)["images"].tolist() == list(range(30))


def test_another_declaration_is_refused_in_the_same_folder(tmp_path):
    study = ToyStudy()
    carried_out(tmp_path, study)
    other = msgspec.structs.replace(study.declaration(), sources="changed")
    with pytest.raises(InvalidStudy, match="declares another study: sources differs"):
        carry_out(StudyFolder(tmp_path), study, other, ONE)


def test_other_photographs_than_declared_are_refused(tmp_path):
    study = ToyStudy()
    study.opened = Photographs(PHOTOGRAPHS.images, 1.0 - PHOTOGRAPHS.truths)
    with pytest.raises(InvalidStudy, match="declared are those with"):
        carried_out(tmp_path, study)


def test_a_study_of_which_nothing_is_finished_opens_no_photograph(tmp_path):
    study = ToyStudy(fails=[(arm.name, seed) for arm in ARMS for seed in range(3)])
    with pytest.raises(RunsFailed, match="6 of 6 runs have failed, good-seed0 by RenderError: The light is <out>"):
        carried_out(tmp_path, study, accepts_failures=True)
    assert "photographs" not in study.done


@pytest.mark.parametrize(
    "changes",
    [{"seeds": (1, 1)}, {"seeds": ()}, {"arms": ()}, {"arms": ARMS[1:]}, {"arms": ARMS[:1] * 2}],
    ids=["a seed twice", "no seeds", "no arms", "compared with none", "an arm twice"],
)
def test_a_declaration_that_contradicts_itself_is_refused(changes):
    with pytest.raises(InvalidStudy):
        msgspec.structs.replace(ToyStudy().declaration(), **changes)


def as_runs(scores):
    return [{"scores": own} for own in scores]


def test_what_a_run_is_worth_may_be_more_than_the_mean_of_its_scores(tmp_path):
    class Strict(ToyStudy):
        def worth(self, answers, weights):
            return mean_score(answers, weights) ** 2

    verdicts, _ = carried_out(tmp_path, Strict())
    means = [np.mean(PHOTOGRAPHS.images < reach) for reach in (0.8, 0.85, 0.9)]
    assert verdicts[0].mean.estimate == pytest.approx(np.mean(np.square(means)))
    assert verdicts[0].mean.low <= verdicts[0].mean.estimate <= verdicts[0].mean.high
    with (tmp_path / "results.csv").open() as file:
        assert float(next(csv.DictReader(file))["score"]) == pytest.approx(means[0] ** 2, abs=1e-5)


def test_single_numbers_among_the_answers_are_told_in_the_table_of_runs(tmp_path):
    class Counting(ToyStudy):
        def examine(self, declaration, arm, weights, photographs):
            answers = super().examine(declaration, arm, weights, photographs)
            return {**answers, "missed": np.array((answers["scores"] == 0.0).sum())}

    carried_out(tmp_path, Counting())
    with (tmp_path / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["score"]) for row in rows] == pytest.approx([1 - float(row["missed"]) / 40 for row in rows])


def test_intervals_cover_what_they_promise():
    """Means of 5 runs on 200 objects, whose true mean is known, lie in 95% of the intervals or nearly so."""
    declaration, rng = ToyStudy().declaration(), np.random.default_rng(0)
    hits = 0
    for _ in range(100):
        chances = rng.beta(8.0, 2.0, 200)
        skill = rng.normal(0.0, 0.01, (5, 1))
        scores = (rng.random((5, 200)) < np.clip(chances + skill, 0.0, 1.0)).astype(np.float64)
        interval = mean_of(as_runs(scores), declaration, mean_score)
        hits += interval.low <= 0.8 <= interval.high
    assert hits >= 90


def test_a_difference_is_surer_than_two_means_because_objects_are_the_same():
    declaration, rng = ToyStudy().declaration(), np.random.default_rng(1)
    hard = rng.random(300) < 0.3
    own = as_runs(np.where(hard, 0.0, 1.0) * np.ones((5, 1)))
    other = as_runs(np.where(hard | (np.arange(300) % 20 == 0), 0.0, 1.0) * np.ones((5, 1)))
    difference = difference_of(own, other, declaration, mean_score)
    mean = mean_of(own, declaration, mean_score)
    assert difference.high - difference.low < 0.6 * (mean.high - mean.low)
    assert difference.low > 0.0


def test_renders_that_are_kept_are_not_made_again_and_those_of_another_stream_are(tmp_path):
    made = []

    def make():
        made.append(len(made))
        return {"grey": np.full((2, 3), len(made), np.uint8)}

    both, one = ("light", "camera"), ("light",)
    for randomize, seed, expected in ((both, 0, 1), (both, 0, 1), (one, 0, 2), (one, 1, 3)):
        assert kept(tmp_path, randomize, seed, make)["grey"].tolist() == [[expected] * 3] * 2
    assert len(made) == 3
