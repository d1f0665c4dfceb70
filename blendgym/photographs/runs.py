"""Runs of a study on photographs: done one after the other, sealed, and only then examined."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidStudy
from blendgym.photographs.study import Arm, Arrays, Declaration, Photographs, Study, StudyFolder
from blendgym.studies.files import read_arrays, read_struct, write_arrays, write_struct

RECORD, WEIGHTS, PICTURES, ANSWERS = "run.json", "weights.npz", "pictures.npz", "answers.npz"

Advance = Callable[[Arm, int, int], None]
"""Is told the arm, the seed and the images so far of the run under way."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a run.

    Args:
        arm: The arm of the run.
        seed: Its seed.
        status: ``"finished"``, or ``"failed"``, of which nothing counts.
        error: Why it has failed.
        validation: How good its network is on fresh renders.
        seconds: How long it took.
    """

    arm: str
    seed: int
    status: Literal["finished", "failed"]
    error: str = ""
    validation: float = 0.0
    seconds: float = 0.0


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """Written when all runs are over, before the photographs are opened: from then on nothing can be changed.

    Args:
        declaration: SHA-256 of what was declared.
        weights: SHA-256 of each network, by run; what has failed has none.
        failed: Errors of the runs that have failed.
    """

    declaration: str
    weights: dict[str, str]
    failed: dict[str, str]


class Examined(NamedTuple):
    """A run after its exam.

    Args:
        record: What became of it.
        answers: What its network made of the photographs.
    """

    record: Record
    answers: Arrays


def train_all(folder: StudyFolder, study: Study, declaration: Declaration, producers: int, advance: Advance) -> None:
    """Does what is left of the runs. One that raises an error is noted as failed, and the others go on.

    Once the study is locked nothing is trained any more; until then, what has failed is tried again.
    """
    if folder.lock.exists():
        return
    for seed in declaration.seeds:
        for arm in declaration.arms:
            if not _is_finished(folder.run(arm.name, seed)):
                _train(folder, study, declaration, arm, seed, producers, advance)
            advance(arm, seed, arm.images)


def lock(folder: StudyFolder, declaration: Declaration) -> Lock:
    """Seals the runs; or makes sure that they are those that were sealed.

    Raises:
        InvalidStudy: If something has been changed since, or no run is finished.
    """
    weights, failed = {}, {}
    for path in _run_folders(folder, declaration):
        record = read_struct(path / RECORD, Record)
        if record.status == "finished":
            weights[path.name] = hashlib.sha256((path / WEIGHTS).read_bytes()).hexdigest()
        else:
            failed[path.name] = record.error
    if not weights:
        raise InvalidStudy(f"No run of {folder.path} is finished. The first says: {next(iter(failed.values()), '')}")
    present = Lock(declaration=declaration.checksum, weights=weights, failed=failed)
    if folder.lock.exists() and read_struct(folder.lock, Lock) != present:
        raise InvalidStudy(
            f"{folder.lock} was written before the photographs were opened, and what it seals has been changed since. "
            "Results would be worth nothing; begin again in another folder."
        )
    write_struct(folder.lock, present)
    return present


def examine_all(
    folder: StudyFolder, study: Study, declaration: Declaration
) -> tuple[Photographs, dict[str, list[Examined]]]:
    """Opens the photographs, and examines every network that is sealed.

    Returns:
        The photographs, and what became of the runs that are finished, by arm.

    Raises:
        InvalidStudy: If the photographs are others than were declared.
    """
    photographs = study.photographs()
    if photographs.checksum != declaration.photographs:
        raise InvalidStudy(
            f"The photographs of {declaration.study!r} have the SHA-256 {photographs.checksum}; declared are "
            f"those with {declaration.photographs}. The package that ships them has others, or a file is damaged."
        )
    examined: dict[str, list[Examined]] = {arm.name: [] for arm in declaration.arms}
    for path in _run_folders(folder, declaration):
        record = read_struct(path / RECORD, Record)
        if record.status == "finished":
            answers = study.examine(read_arrays(path / WEIGHTS), photographs)
            write_arrays(path / ANSWERS, **answers)
            examined[record.arm].append(Examined(record, answers))
    return photographs, examined


def pictures_of(folder: StudyFolder, arm: str, seed: int) -> NDArray[np.uint8]:
    """Some training images of a run that is finished, (count, height, width, 3)."""
    return read_arrays(folder.run(arm, seed) / PICTURES)["pictures"]


def _train(
    folder: StudyFolder, study: Study, declaration: Declaration, arm: Arm, seed: int, producers: int, advance: Advance
) -> None:
    path, begun = folder.run(arm.name, seed), time.perf_counter()
    try:
        trained = study.train(declaration, arm, seed, producers, lambda images: advance(arm, seed, images))
    except Exception as error:
        failed = Record(arm=arm.name, seed=seed, status="failed", error=f"{type(error).__name__}: {error}")
        write_struct(path / RECORD, failed)
        return
    write_arrays(path / WEIGHTS, **trained.weights)
    write_arrays(path / PICTURES, pictures=trained.pictures)
    seconds = time.perf_counter() - begun
    # The record comes last: a run without one begins again.
    write_struct(
        path / RECORD,
        Record(arm=arm.name, seed=seed, status="finished", validation=trained.validation, seconds=seconds),
    )


def _is_finished(path: Path) -> bool:
    return (path / RECORD).exists() and read_struct(path / RECORD, Record).status == "finished"


def _run_folders(folder: StudyFolder, declaration: Declaration) -> list[Path]:
    return [folder.run(arm.name, seed) for arm in declaration.arms for seed in declaration.seeds]
