"""Arms of studies that are files of learned teachers."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_studies import PENDULUM, SIZES, learned_teacher, study_of

from blendgym.errors import InvalidOption, InvalidStudy
from blendgym.studies.exams import make_exam
from blendgym.studies.runs import execute, record_of
from blendgym.studies.study import Job, StudyFolder

LEARNED_HERE = Job(Path("study"), "of/mine:new/teacher.npz", 3)


def test_an_arm_that_is_a_path_has_a_folder_of_its_own_like_the_others():
    assert LEARNED_HERE.folder == Path("study/runs/of_mine_new_teacher.npz-seed3")
    assert Job(Path("study"), "plr,robust=False", 0).folder == Path("study/runs/plr,robust=False-seed0")
    with pytest.raises(InvalidStudy, match="no two whose files would have the same name"):
        study_of("a/b.npz", "a_b.npz")


def test_a_learned_teacher_that_was_exchanged_makes_another_study(tmp_path):
    file = learned_teacher(tmp_path / "teacher.npz", 0.0)
    study, folder = study_of(str(file)), StudyFolder(tmp_path / "study")
    folder.path.mkdir()
    folder.declare(study)
    folder.declare(study)
    assert set(folder.study.files) == {str(file)}
    learned_teacher(file, 0.1)
    for given, place in ((study, folder), (folder.study, folder), (folder.study, StudyFolder(tmp_path / "other"))):
        with pytest.raises(InvalidStudy, match=r"teacher.npz is not the file that the study began with"):
            place.declare(given)
    assert not (tmp_path / "other").exists()
    file.unlink()
    with pytest.raises(InvalidOption, match="No such file"):
        folder.declare(study)


def test_runs_have_a_learned_teacher_from_the_folder_of_their_study(tmp_path):
    file, folder = learned_teacher(tmp_path / "teacher.npz", 0.0), StudyFolder(tmp_path / "study")
    folder.path.mkdir()
    folder.declare(study_of(str(file)))
    make_exam(PENDULUM, folder.study.ranges, SIZES, seed=0).save(folder.exam)
    job = folder.jobs(folder.study)[1]
    file.unlink()
    execute(job, lambda steps: None)
    assert record_of(job.folder).status == "finished"
    learned_teacher(folder.teacher(job.arm), 0.1)
    with pytest.raises(InvalidStudy, match=r"teacher.npz is not the file that the study began with"):
        execute(job, lambda steps: None)
