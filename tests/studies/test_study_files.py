"""Files of studies that are missing, damaged or of something else: nothing of them counts unnoticed."""

from __future__ import annotations

import shutil

import msgspec
import numpy as np
import pytest
from small_studies import run_of, study_of

from blendgym.errors import InvalidStudy
from blendgym.studies.arms import file_name_of
from blendgym.studies.comparison import carry_out
from blendgym.studies.examination import examine_run
from blendgym.studies.files import read_arrays, read_state, read_struct, write_arrays, write_state, write_struct
from blendgym.studies.results import load_outcome
from blendgym.studies.runs import Record, record_of, results_of, trained_student
from blendgym.studies.study import Study, StudyFolder

ONE_SEED = {"seeds": (0,), "steps": 19_200, "checkpoints": 3}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A study of one run."""
    folder = StudyFolder(tmp_path_factory.mktemp("study"))
    carry_out(folder, study_of(**ONE_SEED), processes=1)
    return folder


@pytest.fixture
def copied(finished, tmp_path):
    """Another folder with the same study."""
    shutil.copytree(finished.path, tmp_path / "copy")
    return StudyFolder(tmp_path / "copy")


def cut(file):
    file.write_bytes(file.read_bytes()[:-40])


def lose(file):
    file.unlink()


def spoil(file):
    arrays = read_arrays(file)
    write_arrays(file, **{name: each * np.nan if each.dtype.kind == "f" else each for name, each in arrays.items()})


@pytest.mark.parametrize(
    ("name", "damage"),
    [("student.npz", cut), ("student.npz", lose), ("student.npz", spoil), ("results.npz", spoil), ("run.json", cut)],
)
def test_a_run_with_a_damaged_file_counts_for_nothing_and_is_done_again(copied, name, damage, capsys):
    run = run_of(copied, "uniform")
    expected = {file.name: file.read_bytes() for file in run.glob("*.npz")}
    damage(run / name)
    for look_at in (lambda: load_outcome(copied), lambda: examine_run(run)):
        with pytest.raises(InvalidStudy, match=rf"{name} .* does the run again"):
            look_at()
    carry_out(copied, copied.study, processes=1)
    assert name in "".join(capsys.readouterr().out.split())
    assert {file.name: file.read_bytes() for file in run.glob("*.npz")} == expected
    assert record_of(run).status == "finished"


def test_a_reference_with_a_damaged_file_is_trained_again_before_it_is_asked_anything(tmp_path):
    folder = StudyFolder(tmp_path)
    study = study_of(references=1, **ONE_SEED)
    carry_out(folder, study, processes=1)
    (reference,) = folder.references(study)
    expected = folder.exam.read_bytes()
    folder.exam.unlink()
    cut(reference.folder / "student.npz")
    carry_out(folder, study, processes=1)
    assert folder.exam.read_bytes() == expected


@pytest.mark.parametrize("state", [{}, {"charged_steps": 3}, {"competence": np.zeros(3)}])
def test_the_state_of_another_student_is_refused_by_name(copied, state):
    job = copied.jobs(copied.study)[0]
    write_state(job.folder / "student.npz", state)
    record = read_struct(job.folder / "run.json", Record)
    write_struct(job.folder / "run.json", msgspec.structs.replace(record, checksums={}))
    with pytest.raises(InvalidStudy, match=r"student.npz is not of such a student"):
        trained_student(copied.study, load_outcome(copied).exam, job)


def test_arrays_that_are_no_state_or_no_results_are_refused_by_name(tmp_path):
    write_arrays(tmp_path / "state.npz", weights=np.zeros(3))
    with pytest.raises(InvalidStudy, match=r"state.npz holds no state of a student"):
        read_state(tmp_path / "state.npz")
    shutil.copy(tmp_path / "state.npz", tmp_path / "results.npz")
    with pytest.raises(InvalidStudy, match=r"results.npz has the arrays weights, which no run has"):
        results_of(tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfe", b'{"env_id": "\xff"}', b"[" * 100_000, b'{"env_id": 7}', b""])
def test_a_file_that_is_no_declaration_is_refused_in_one_sentence(content, tmp_path):
    (tmp_path / "study.json").write_bytes(content)
    with pytest.raises(InvalidStudy, match=r"study.json is no study: .*[^.]\.$"):
        read_struct(tmp_path / "study.json", Study)


def test_an_arm_with_a_long_name_has_files_of_its_own_all_the_same(tmp_path):
    arms = [f"frontier,target=0.{'5' * 300}{end}" for end in (1, 2)]
    names = {file_name_of(arm) for arm in arms}
    assert len(names) == 2
    for name in names:
        write_struct(tmp_path / f"{name}-seed{2**32}" / "run.json", Record(arm="", seed=0, exam=""))


def test_a_study_without_a_run_that_is_over_has_no_outcome_and_says_what_to_do(copied, tmp_path):
    with pytest.raises(InvalidStudy, match=r"is no folder of a study: .* `blendgym dr compare` makes one"):
        load_outcome(StudyFolder(tmp_path / "nothing"))
    shutil.rmtree(copied.path / "runs")
    with pytest.raises(InvalidStudy, match=r"No run of the study .* is over; `blendgym dr compare` .* goes on"):
        load_outcome(copied)
    job = copied.jobs(copied.study)[0]
    write_struct(job.folder / "run.json", Record(arm="uniform", seed=0, exam="", status="failed", error="No luck."))
    with pytest.raises(InvalidStudy, match=r"1 failed; the first says: No luck\."):
        load_outcome(copied)
    copied.exam.unlink()
    with pytest.raises(InvalidStudy, match=r"has no exam yet; `blendgym dr compare` .* goes on"):
        load_outcome(copied)
