"""One run of a study on photographs, and the files that it leaves."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.names import class_named
from blendgym.photographs.folder import StudyFolder
from blendgym.photographs.study import (
    Blenders,
    Declaration,
    Record,
    Report,
    Study,
    Trained,
    opened_photographs,
)
from blendgym.studies.files import read_arrays, read_struct, write_arrays, write_struct

RECORD, WEIGHTS, PICTURES, ANSWERS = "run.json", "weights.npz", "pictures.npz", "answers.npz"


class Job(NamedTuple):
    """A network to be trained.

    Args:
        study: The class of the study, as ``module:Class``; it takes no arguments.
        path: Folder of the study.
        arm: Name of the arm.
        seed: The seed of the run.
        blenders: That render.
    """

    study: str
    path: Path
    arm: str
    seed: int
    blenders: Blenders

    @property
    def folder(self) -> Path:
        """Where the run keeps its files."""
        return StudyFolder(self.path).run(self.arm, self.seed)


def execute(job: Job, report: Report) -> None:
    """Does a run of a study that is declared in its folder."""
    do(job, class_named(job.study)(), read_struct(StudyFolder(job.path).declaration, Declaration), report)


def do(job: Job, study: Study, declaration: Declaration, report: Report) -> None:
    """Does a run, unless it is finished; an error that it raises is noted.

    Args:
        job: The run.
        study: What is studied.
        declaration: What was declared.
        report: Told how many images have been made.
    """
    if is_finished(job.folder):
        return
    begun = time.perf_counter()
    try:
        trained = _trained(job, study, declaration, report)
    except Exception as error:
        fail(job, f"{type(error).__name__}: {error}")
        return
    write_arrays(job.folder / WEIGHTS, **trained.weights)
    write_arrays(job.folder / PICTURES, pictures=trained.pictures)
    seconds = time.perf_counter() - begun
    # The record comes last: a run without one begins again.
    write_struct(
        job.folder / RECORD,
        Record(arm=job.arm, seed=job.seed, status="finished", validation=trained.validation, seconds=seconds),
    )


def fail(job: Job, error: str) -> None:
    """Notes why a run has failed, unless it is finished; it will be tried again."""
    if is_finished(job.folder):
        return
    write_struct(job.folder / RECORD, Record(arm=job.arm, seed=job.seed, status="failed", error=error))


def is_finished(run: Path) -> bool:
    """Whether a run has nothing left to be done, by its folder."""
    file = run / RECORD
    return file.exists() and read_struct(file, Record).status == "finished"


def pictures_of(run: Path) -> NDArray[np.uint8]:
    """Some training images of a run that is finished, (count, height, width, 3)."""
    return read_arrays(run / PICTURES)["pictures"]


def _trained(job: Job, study: Study, declaration: Declaration, report: Report) -> Trained:
    arm = next(each for each in declaration.arms if each.name == job.arm)
    renders = StudyFolder(job.path).renders
    if arm.on_photographs:
        return study.train_on(opened_photographs(study, declaration), declaration, arm, job.seed, renders)
    return study.train(declaration, arm, job.seed, job.blenders, renders, report)
