"""Carrying out a study, from wherever it stands: hard questions, exam, runs, tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from blendgym.agents.students.student import Student
from blendgym.errors import InvalidStudy
from blendgym.studies.arms import ORACLES, make_arm
from blendgym.studies.domains import Range
from blendgym.studies.exams import Exam, candidates_exam, make_exam
from blendgym.studies.feasibility import certified, planners_of
from blendgym.studies.files import only_here
from blendgym.studies.on_cluster import find_crew
from blendgym.studies.results import Outcome, Verdict, judge, load_outcome, write_tables
from blendgym.studies.runs import damage_of, record_of, results_of, trained_student
from blendgym.studies.study import Job, Study, StudyFolder
from blendgym.studies.workers import AnyWorker, Crew, run_all


def carry_out(
    folder: StudyFolder, study: Study, processes: int, exam_file: Path | None = None, seeds: int | None = None,
    execute: str = "local",
) -> tuple[Outcome, list[Verdict]]:  # fmt: skip
    """Does what is left of a study.

    Args:
        folder: The folder of the study; what is finished there stays as it is.
        study: As it is declared.
        processes: Runs at a time. Results do not depend on it.
        exam_file: The locked exam of another study in the same ranges; otherwise an exam is made.
        seeds: How many of the declared seeds to do for now, from the first on; ``None`` for all.
        execute: Where runs are done, as ``find_cluster`` takes it. Results do not depend on it, and are written here.

    Returns:
        All results, which are also written as tables.

    Raises:
        InvalidStudy: If the folder has another study or exam, the exam is not one of its ranges, or no reference agent
            could be trained.
        StudyInUse: If another process works on the folder.
        InvalidOption: If an arm cannot be made, or ``execute`` is none of the words.
        ExtraMissing: If Ray is not installed.
        ClusterNotFound: If there is no cluster.
    """
    crew = find_crew(execute, processes)
    for arm in study.arms:
        if arm not in ORACLES:
            make_arm(arm, study.parameters)
    given = _given_exam(exam_file, folder, study) if exam_file else None
    with only_here(folder.path):
        folder.declare(study)
        if given:
            given.save(folder.exam)
        elif not folder.exam.exists():
            _make_exam(folder, study, crew)
        exam = Exam.load(folder.exam)
        for arm in set(study.arms) & set(ORACLES):
            make_arm(arm, study.parameters, exam)
        jobs = folder.jobs(study)[: None if seeds is None else seeds * len(study.arms)]
        _run(folder, jobs, study, crew, "Runs")
        outcome = load_outcome(folder)
        verdicts = judge(outcome)
        write_tables(folder, outcome, verdicts)
    return outcome, verdicts


def _given_exam(file: Path, folder: StudyFolder, study: Study) -> Exam:
    exam = Exam.load(file)
    if exam.env_id != study.env_id or not _covers(exam.ranges, study.ranges):
        raise InvalidStudy(
            f"{file} is an exam of {exam.env_id} in the ranges {exam.ranges}; expected one of {study.env_id} that has "
            f"the same parameters, and contains {study.ranges}."
        )
    if folder.exam.exists() and Exam.load(folder.exam) != exam:
        raise InvalidStudy(f"{folder.exam} is another exam than {file}. Choose another folder for another exam.")
    return exam


def _covers(wide: Mapping[str, Range], narrow: Mapping[str, Range]) -> bool:
    return wide.keys() == narrow.keys() and all(
        wide[name][0] <= low and high <= wide[name][1] for name, (low, high) in narrow.items()
    )


def _make_exam(folder: StudyFolder, study: Study, crew: Crew[AnyWorker]) -> None:
    """Trains the references, looks for tasks that some but few of them master, and locks an exam with these."""
    panel: list[tuple[str, Student]] = []
    hard = None
    if study.references:
        candidates = candidates_exam(study.env_id, study.ranges, study.exam, study.exam_seed)
        candidates.save(folder.candidates)
        jobs = folder.references(study)
        _run(folder, jobs, study, crew, "References")
        jobs = _trained(jobs)
        mastered = np.sum([results_of(job.folder).successes[-1] for job in jobs], axis=0)
        least, most = study.rules.hardest
        values = candidates.values_of(candidates.sections[0])[(mastered >= least) & (mastered <= most)]
        hard = study.parameters.to_unit(values)
        panel = [(f"reference {job.seed}", trained_student(study, candidates, job)) for job in jobs]
    exam = make_exam(study.env_id, study.ranges, study.exam, study.exam_seed, hard)
    # The planners last: a question that an agent won is known to be within reach of learning, too.
    panel += planners_of(exam)
    try:
        certified(exam, panel).save(folder.exam)
    finally:
        for _, student in panel:
            student.close()


def _trained(jobs: Sequence[Job]) -> list[Job]:
    records = {job: record for job in jobs if (record := record_of(job.folder))}
    trained = [job for job, record in records.items() if record.status == "finished"]
    if not trained:
        raise InvalidStudy(f"No reference agent could be trained. The first says: {records[jobs[0]].error}")
    return trained


def _run(folder: StudyFolder, jobs: Sequence[Job], study: Study, crew: Crew[AnyWorker], title: str) -> None:
    with _progress(title, len(jobs), len(jobs) * study.steps) as (progress, task):
        steps: dict[Job, int] = {}
        over: list[Job] = []

        def advance(job: Job, charged: int) -> None:
            steps[job] = charged
            progress.update(task, completed=sum(min(each, study.steps) for each in steps.values()))

        def ended(job: Job) -> None:
            over.append(job)
            record = record_of(job.folder)
            if record and record.error:
                progress.console.print(f"{job.arm}, seed {job.seed}: {record.error}", style="red", markup=False)
            advance(job, study.steps)
            progress.update(task, runs=len(over))

        for job in jobs:
            if damage := damage_of(job.folder):
                progress.console.print(damage, style="red", markup=False)
        run_all(jobs, crew, folder.log, advance, ended)


@contextmanager
def _progress(title: str, runs: int, steps: int) -> Iterator[tuple[Progress, TaskID]]:
    columns = (
        TextColumn("{task.description} {task.fields[runs]}/{task.fields[of]}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} steps"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        yield progress, progress.add_task(title, total=steps, runs=0, of=runs)
