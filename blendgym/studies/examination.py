"""One trained policy alone: its exam, and a map of where it succeeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from blendgym.errors import InvalidStudy
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.selection import select
from blendgym.studies.arms import BASELINE
from blendgym.studies.domains import domain_of, parameters_of
from blendgym.studies.embedding import Embedding
from blendgym.studies.exams import UNIFORM, Exam, Sizes, make_exam
from blendgym.studies.figures import draw_pairs
from blendgym.studies.runs import record_of, trained_student
from blendgym.studies.study import Job, StudyFolder
from blendgym.teachers import make_teacher

TASKS = 10_000
"""Of a map; a twin plays them in seconds."""

Array = NDArray[Any]


class Report(NamedTuple):
    """What came of an examination.

    Args:
        scores: Questions, success and mean score, by section.
        files: The files that were written.
    """

    scores: dict[str, tuple[int, float, float]]
    files: list[Path]


def examine_run(folder: Path) -> Report:
    """Has the student of a finished run of a study sit its exam once more, and play many uniform tasks besides.

    Raises:
        InvalidStudy: If this is no run of a study, or it is not finished.
    """
    owner, record = StudyFolder(folder.resolve().parent.parent), record_of(folder)
    if record is None or not owner.declaration.exists():
        raise InvalidStudy(f"{folder} is no run of a study: it has no record, or there is no study two folders above.")
    study, exam = owner.study, Exam.load(owner.exam)
    job = Job(owner.path, record.arm, record.seed, is_reference=folder.resolve().parent.name == "references")
    student = trained_student(study, exam, job)
    try:
        sat = student.evaluate(exam.unit, exam.start_seed)
        source = Embedding(make_teacher(BASELINE, study.parameters.nominal_unit), study.parameters, exam.space)
        tasks = source.sample(keyed_generator("map", exam.start_seed), TASKS)
        played = student.evaluate(tasks.unit, exam.start_seed + 1)
    finally:
        student.close()
    file = folder / "heat_map.png"
    title = f"{record.arm}, seed {record.seed}: success in {TASKS:,} uniform tasks"
    draw_pairs(file, study.parameters, source.returned(played).unit, played.successes, title)
    return Report(_by_section(exam, sat.successes, sat.scores), [file])


def examine_policy(folder: Path, exam_file: Path | None, questions: int) -> Report:
    """Has a policy of ``blendgym train`` sit an exam in Blender.

    Args:
        folder: The folder of the training run.
        exam_file: A locked exam of the same environment; otherwise one without hard questions is made.
        questions: How many questions that exam has in its uniform section; the others are in proportion.

    Raises:
        InvalidOption: If this is no training run, or its environment has no domain.
        InvalidStudy: If the exam is another environment's.
    """
    from blendgym.agents.algorithms import load_model
    from blendgym.agents.evaluation import play
    from blendgym.agents.run_folder import RunFolder

    run = RunFolder.existing(folder)
    env_id = run.env_spec().id
    exam = Exam.load(exam_file) if exam_file else _own_exam(env_id, questions)
    if exam.env_id != env_id:
        raise InvalidStudy(f"{exam_file} is an exam of {exam.env_id}, and {folder} was trained on {env_id}.")
    env = run.make_env()
    try:
        model = load_model(run)
        values = np.concatenate([exam.values_of(section) for section in exam.sections])
        returns = np.array([
            play(env, model, exam.start_seed + number, exam.space.named(row)).total
            for number, row in enumerate(track(values, description=f"Playing {len(values)} questions in Blender"))
        ])  # fmt: skip
        task = env.unwrapped.task  # type: ignore[attr-defined]  # a BlendEnv
    finally:
        env.close()
    exam.save(folder / "exam.json")
    successes, uniform = task.successes(returns), exam.rows[UNIFORM]
    narrow = _narrow(env_id)
    file = folder / "heat_map.png"
    draw_pairs(
        file, narrow, narrow.to_unit(values[uniform]), successes[uniform], f"{folder.name}: success on uniform tasks"
    )
    return Report(_by_section(exam, successes, task.scores(returns)), [file, folder / "exam.json"])


def _own_exam(env_id: str, questions: int) -> Exam:
    sizes = Sizes.in_proportion(questions)
    return make_exam(env_id, domain_of(env_id), sizes, seed=0)


def _narrow(env_id: str) -> ParameterSpace:
    return select(parameters_of(env_id), domain_of(env_id))


def _by_section(exam: Exam, successes: Array, scores: Array) -> dict[str, tuple[int, float, float]]:
    return {
        name: (len(rows), float(successes[rows].mean()), float(scores[rows].mean()))
        for name, rows in exam.counted.items()
    }
