"""Studies in which something goes wrong: what is recorded, what counts, and what is done again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import HELPERS
from small_studies import run_of, study_of
from waiting import wait_for

from blendgym.errors import InvalidStudy
from blendgym.studies.comparison import carry_out
from blendgym.studies.exams import UNIFORM, Sizes, make_exam
from blendgym.studies.files import write_struct
from blendgym.studies.results import judge, load_outcome
from blendgym.studies.runs import Record, record_of, results_of
from blendgym.studies.study import Rules, StudyFolder

FEW = Sizes(uniform=4, edges=2, out_of_range=2, nominal=1, hard=2, candidates=2)


@pytest.fixture(autouse=True, scope="module")
def arms_that_go_wrong():
    here = str(HELPERS)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.syspath_prepend(here)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]))
        yield


def test_a_run_that_fails_is_recorded_with_its_error_and_the_others_go_on(tmp_path):
    study = study_of("study_arms:Raises", "study_arms:Dies", seeds=(0,))
    folder = StudyFolder(tmp_path)
    outcome, verdicts = carry_out(folder, study, processes=2)
    errors = {record.arm: record.error for record in outcome.failed}
    assert errors["study_arms:Raises"] == "ArithmeticError: the teacher has lost its way"
    assert "was killed by SIGKILL" in errors["study_arms:Dies"]
    assert {verdict.arm for verdict in verdicts} == {"uniform"}
    assert "lost its way" in folder.results.read_text()


@pytest.fixture(scope="module")
def diverged(tmp_path_factory):
    """A study with an arm whose student diverges between the first checkpoint and the second."""
    folder = StudyFolder(tmp_path_factory.mktemp("diverged"))
    carry_out(folder, study_of("study_arms:Diverges", "study_arms:Raises", seeds=(0,)), processes=1)
    return folder


def test_a_student_that_diverged_has_mastered_nothing_from_then_on(diverged):
    run = run_of(diverged, "study_arms:Diverges")
    record, results = record_of(run), results_of(run)
    assert (record.status, record.error) == ("diverged", "the student is not finite")
    assert results.steps.tolist() == [checkpoint.steps for checkpoint in record.checkpoints]
    assert results.steps[1:].tolist() == [20_000, 30_000, 40_000]
    assert results.scores[0].any()
    assert not results.scores[1:].any()
    assert not results.successes[1:].any()
    assert record.checkpoints[1].success[UNIFORM] == 0.0


def test_an_arm_pays_for_a_student_that_diverged_but_not_for_a_run_that_failed(diverged):
    outcome = load_outcome(diverged)
    verdicts = {verdict.arm: verdict for verdict in judge(outcome) if verdict.metric == UNIFORM}
    assert set(verdicts) == {"uniform", "study_arms:Diverges"}
    paid = verdicts["study_arms:Diverges"]
    assert (paid.runs, paid.diverged, paid.failed, paid.mean) == (1, 1, 0, 0.0)
    assert [record.arm for record in outcome.failed] == ["study_arms:Raises"]
    assert "the student is not finite" in diverged.results.read_text()


def test_a_student_that_diverged_would_do_so_again_and_what_failed_is_tried_again(diverged):
    def written():
        return [
            (run_of(diverged, f"study_arms:{arm}") / "run.json").stat().st_mtime_ns for arm in ("Diverges", "Raises")
        ]

    before = written()
    carry_out(diverged, diverged.study, processes=1)
    after = written()
    assert after[0] == before[0]
    assert after[1] > before[1]


def test_references_that_diverged_find_no_hard_questions(tmp_path):
    folder, study = StudyFolder(tmp_path), study_of(references=2)
    for job in folder.references(study):
        record = Record(arm=job.arm, seed=job.seed, exam="", status="diverged", error="the student is not finite")
        write_struct(job.folder / "run.json", record)
    with pytest.raises(InvalidStudy, match=r"No reference .* the student is not finite"):
        carry_out(folder, study, processes=1)


def test_a_server_that_dies_in_the_middle_is_recorded_and_the_study_resumes_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setenv("KILLED", str(tmp_path / "killed"))
    folder, arm = StudyFolder(tmp_path), "study_arms:LosesItsServer"
    study = study_of(
        arm, env_id="BlendCartpole-v0", ranges={"pole.length": (0.5, 1.5)}, student="sb3", seeds=(0,), steps=2_048,
        checkpoints=1, portion=1_024, exam=FEW, rules=Rules(final_checkpoints=1, resamples=10),
    )  # fmt: skip
    outcome, verdicts = carry_out(folder, study, processes=1)
    assert "blendgym" in (tmp_path / "killed").read_text()
    (lost,) = outcome.failed
    assert (lost.arm, lost.status) == (arm, "failed")
    assert lost.error.startswith("ServerDied: ")
    assert "SIGKILL" in lost.error
    assert {verdict.arm for verdict in verdicts} == {"uniform"}
    kept = (run_of(folder, "uniform") / "results.npz").read_bytes()
    outcome, verdicts = carry_out(folder, study, processes=1)
    assert not outcome.failed
    assert {verdict.arm for verdict in verdicts} == {"uniform", arm}
    assert (run_of(folder, "uniform") / "results.npz").read_bytes() == kept


def test_a_study_that_was_killed_leaves_no_process_and_no_verdict(tmp_path, monkeypatch):
    monkeypatch.setenv("ASLEEP", str(tmp_path / "asleep"))
    folder = StudyFolder(tmp_path)
    study = study_of("study_arms:Sleeps", seeds=(0,))
    folder.declare(study)
    make_exam(study.env_id, study.ranges, study.exam, 0).save(folder.exam)
    code = (
        "from pathlib import Path; from blendgym.studies.study import StudyFolder; "
        "from blendgym.studies.comparison import carry_out; import sys; "
        "folder = StudyFolder(Path(sys.argv[1])); carry_out(folder, folder.study, 2)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.DEVNULL)
    sleeping, (done, begun) = tmp_path / "asleep", (job.folder for job in folder.jobs(study))
    try:
        wait_for(lambda: sleeping.exists() and (record := record_of(done)) and record.status == "finished")
    finally:
        process.kill()
        process.wait()
    worker = int(sleeping.read_text())
    wait_for(lambda: not is_alive(worker))
    assert record_of(begun).status == "running"


def is_alive(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2]
    except OSError:
        return False
