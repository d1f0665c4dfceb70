"""One run of a study: a student trained by one arm, examined at every checkpoint."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.agents.students.making import make_student
from blendgym.agents.students.student import Student
from blendgym.errors import InvalidStudy, StudentDiverged
from blendgym.studies.arms import make_arm
from blendgym.studies.embedding import Embedding
from blendgym.studies.exams import Exam
from blendgym.studies.files import (
    checksum,
    read_arrays,
    read_state,
    read_struct,
    write_arrays,
    write_state,
    write_struct,
)
from blendgym.studies.study import Job, Study, StudyFolder
from blendgym.studies.worker_loop import Report
from blendgym.teachers import Teacher
from blendgym.teachers.plain_states import UNREADABLE

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of the tasks that were played in each portion, by which curricula are drawn."""

WITH_BUDGET = ("ppo", "sb3")
"""Students whose learning rate falls to 0 over a number of steps that they have to know."""

RECORD, RESULTS, STUDENT = "run.json", "results.npz", "student.npz"

REPAIR = "`blendgym dr compare` with the same arguments does the run again."


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run stood.

    Args:
        steps: Charged so far.
        seconds: How long training has taken so far; exams do not count.
        success: Share of the questions that were mastered, by section.
        teacher: What the teacher says of itself.
    """

    steps: int
    seconds: float
    success: dict[str, float]
    teacher: dict[str, float]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a run.

    Args:
        arm: The arm of the run.
        seed: The seed of the student.
        exam: Checksum of its exam.
        status: ``"diverged"`` if its student has, from which on it counts as having mastered nothing; it would do so
            again. ``"failed"`` if something else has kept the run from being finished, of which nothing counts.
        error: What has.
        checkpoints: So far.
        checksums: SHA-256 of the other files of a run that is over, by name.
    """

    arm: str
    seed: int
    exam: str
    status: Literal["running", "finished", "diverged", "failed"] = "running"
    error: str = ""
    checkpoints: tuple[Checkpoint, ...] = ()
    checksums: dict[str, str] = {}

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do, and the run counts."""
        return self.status in ("finished", "diverged")


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """The arrays of a run.

    Args:
        steps: int64 (checkpoints,).
        scores: float32 (checkpoints, questions).
        successes: bool (checkpoints, questions).
        played_steps: int64 (portions,). Charged at the end of each.
        played: float32 (portions, quantiles, dimensions). Of what was played in it, in the cube of training.
    """

    steps: NDArray[np.int64]
    scores: NDArray[np.float32]
    successes: NDArray[np.bool_]
    played_steps: NDArray[np.int64]
    played: NDArray[np.float32]


class Run:
    """A run under way.

    Args:
        study: The study that the run belongs to.
        exam: The exam that the student sits.
        job: What it is.
        checkpoints: How often the student sits the exam.
    """

    def __init__(self, study: Study, exam: Exam, job: Job, checkpoints: int) -> None:
        self._study, self._exam, self._job = study, exam, job
        self._targets = [round(study.steps * (number + 1) / checkpoints) for number in range(checkpoints)]
        self._record = Record(arm=job.arm, seed=job.seed, exam=exam.sha256)
        self._scores: list[NDArray[np.float64]] = []
        self._successes: list[NDArray[np.bool_]] = []
        self._played: list[tuple[int, NDArray[np.float64]]] = []
        self._seconds = 0.0

    def execute(self, report: Report) -> None:
        """Trains and examines, and writes everything into the run's folder.

        Args:
            report: Called with the charged steps after every portion.
        """
        self._write()
        arm, parameters = self._job.arm, self._study.parameters
        teacher = make_arm(arm, parameters, self._exam, self._study.steps, StudyFolder(self._job.study).teacher(arm))
        student = student_of(self._study, self._exam, self._job)
        try:
            for target in self._targets:
                self._train(student, teacher, target, report)
                self._examine(student, teacher)
            write_state(self._job.folder / STUDENT, student.state_dict())
            self._write(status="finished")
        except StudentDiverged as error:
            self._fail_what_is_left(student.charged_steps)
            self._write(status="diverged", error=str(error))
        finally:
            student.close()

    def _train(self, student: Student, teacher: Teacher, target: int, report: Report) -> None:
        source = Embedding(teacher, self._study.parameters, self._exam.space)
        while student.charged_steps < target:
            begun = time.perf_counter()
            episodes = student.train(source, min(self._study.portion, target - student.charged_steps))
            if episodes:
                returned = source.returned(episodes)
                teacher.observe(returned)
                self._played.append((student.charged_steps, np.quantile(returned.unit, QUANTILES, axis=0)))
            teacher.update()
            self._seconds += time.perf_counter() - begun
            report(student.charged_steps)

    def _examine(self, student: Student, teacher: Teacher) -> None:
        episodes = student.evaluate(self._exam.unit, self._exam.start_seed)
        self._take_down(student.charged_steps, episodes.scores, episodes.successes, teacher.describe())

    def _fail_what_is_left(self, charged: int) -> None:
        """Nothing is mastered at the checkpoints that the student has not come to."""
        nothing = np.zeros(len(self._exam.unit))
        for target in self._targets[len(self._successes) :]:
            self._take_down(max(target, charged), nothing, nothing > 0.0, {})

    def _take_down(
        self, steps: int, scores: NDArray[np.float64], successes: NDArray[np.bool_], teacher: dict[str, float]
    ) -> None:
        self._scores.append(scores)
        self._successes.append(successes)
        success = {name: float(successes[rows].mean()) for name, rows in self._exam.counted.items()}
        checkpoint = Checkpoint(steps=steps, seconds=self._seconds, success=success, teacher=teacher)
        self._write(checkpoints=(*self._record.checkpoints, checkpoint))

    def _write(self, **changes: Any) -> None:
        self._record = msgspec.structs.replace(self._record, **changes)
        if self._successes:
            write_arrays(self._job.folder / RESULTS, **msgspec.structs.asdict(self._results()))
        if self._record.is_over:
            names = (RESULTS, STUDENT) if self._record.status == "finished" else (RESULTS,)
            checksums = {name: checksum(self._job.folder / name) for name in names}
            self._record = msgspec.structs.replace(self._record, checksums=checksums)
        write_struct(self._job.folder / RECORD, self._record)

    def _results(self) -> Results:
        dimensions = len(self._study.ranges)
        return Results(
            steps=np.array([checkpoint.steps for checkpoint in self._record.checkpoints], np.int64),
            scores=np.array(self._scores, np.float32),
            successes=np.array(self._successes, np.bool_),
            played_steps=np.array([steps for steps, _ in self._played], np.int64),
            played=np.array([played for _, played in self._played], np.float32).reshape(-1, len(QUANTILES), dimensions),
        )


def execute(job: Job, report: Report) -> None:
    """Does one run of a study from its beginning."""
    folder = StudyFolder(job.study)
    study = folder.study
    if job.arm in study.files:
        study.require_file(job.arm, folder.teacher(job.arm))
    if job.is_reference:
        Run(study, Exam.load(folder.candidates), job, checkpoints=1).execute(report)
    else:
        Run(study, Exam.load(folder.exam), job, study.checkpoints).execute(report)


def record_of(folder: Path) -> Record | None:
    """What is known of a run, if it has begun.

    Raises:
        InvalidStudy: If its record is damaged, or the run is over and another file is not the one that it has written.
    """
    if not (folder / RECORD).exists():
        return None
    try:
        record = read_struct(folder / RECORD, Record)
        changed = [folder / name for name, before in record.checksums.items() if checksum(folder / name) != before]
    except InvalidStudy as error:
        raise InvalidStudy(f"{error} {REPAIR}") from error
    if changed:
        raise InvalidStudy(f"{changed[0]} has been changed since the run was over: it has another checksum. {REPAIR}")
    return record


def damage_of(folder: Path) -> str | None:
    """What is wrong with the files of a run, if anything is."""
    try:
        record_of(folder)
    except InvalidStudy as error:
        return str(error)
    return None


def intact_record_of(folder: Path) -> Record | None:
    """What is known of a run, if it has begun and none of its files is damaged."""
    try:
        return record_of(folder)
    except InvalidStudy:
        return None


def record_failure(job: Job, error: str) -> None:
    """Notes that a run has failed; what it had found stays."""
    record = intact_record_of(job.folder) or Record(arm=job.arm, seed=job.seed, exam="")
    write_struct(job.folder / RECORD, msgspec.structs.replace(record, status="failed", error=error))


def results_of(folder: Path) -> Results:
    """The arrays of a run.

    Raises:
        InvalidStudy: If there are none, or others.
    """
    arrays = read_arrays(folder / RESULTS)
    if arrays.keys() != set(Results.__struct_fields__):
        raise InvalidStudy(f"{folder / RESULTS} has the arrays {', '.join(arrays)}, which no run has. {REPAIR}")
    return Results(**arrays)


def student_of(study: Study, exam: Exam, job: Job) -> Student:
    """A new student, whose ranges are those of the exam."""
    budget = {"budget": study.steps} if study.student in WITH_BUDGET else {}
    return make_student(study.student, study.env_id, exam.space, job.seed, **(budget | study.student_options))


def trained_student(study: Study, exam: Exam, job: Job) -> Student:
    """The student of a run that is finished, as it was at the end.

    Raises:
        InvalidStudy: If the run is not finished, or has diverged; or its file is damaged, or of another student.
    """
    record = record_of(job.folder)
    if record is None or record.status != "finished":
        raise InvalidStudy(
            f"The run {job.folder} has no trained student: its status is {record and record.status!r}, expected "
            "'finished'."
        )
    state, student = read_state(job.folder / STUDENT), student_of(study, exam, job)
    try:
        student.load_state_dict(state)
    except (*UNREADABLE, RuntimeError) as error:
        student.close()
        raise InvalidStudy(f"{job.folder / STUDENT} is not of such a student: {error!r:.200}. {REPAIR}") from error
    return student
