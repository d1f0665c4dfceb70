"""Runs of a study on photographs: done one after the other, sealed, and only then examined."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidStudy
from blendgym.photographs.study import (
    Arm,
    Blenders,
    Declaration,
    Examined,
    Photographs,
    Record,
    Study,
    StudyFolder,
    Trained,
)
from blendgym.studies.files import read_arrays, read_struct, write_arrays, write_struct

RECORD, WEIGHTS, PICTURES, ANSWERS = "run.json", "weights.npz", "pictures.npz", "answers.npz"

Advance = Callable[[Arm, int, int], None]
"""Is told the arm, the seed and the images so far of the run under way."""


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


def train_all(
    folder: StudyFolder, study: Study, declaration: Declaration, blenders: Blenders, advance: Advance
) -> None:
    """Does what is left of the runs that need no photograph. One that raises an error is noted as failed.

    Once the study is locked nothing of them is trained any more; until then, what has failed is tried again.
    """
    if folder.lock.exists():
        return
    for seed in declaration.seeds:
        for arm in declaration.sealed_arms:
            told = partial(advance, arm, seed)
            _do(folder, arm, seed, partial(study.train, declaration, arm, seed, blenders, folder.renders, told))
            advance(arm, seed, arm.images)


def lock(folder: StudyFolder, declaration: Declaration) -> Lock:
    """Seals the runs; or makes sure that they are those that were sealed.

    Raises:
        InvalidStudy: If something has been changed since, or no run is finished.
    """
    weights, failed = {}, {}
    for arm in declaration.sealed_arms:
        for path in (folder.run(arm.name, seed) for seed in declaration.seeds):
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
    """Opens the photographs, examines every network that is sealed, and trains and examines those on photographs.

    Returns:
        The photographs, and what became of the runs that are finished, by arm.

    Raises:
        InvalidStudy: If the photographs are others than were declared.
    """
    photographs = study.photographs(declaration.quick)
    if photographs.checksum != declaration.photographs:
        raise InvalidStudy(
            f"The photographs of {declaration.study!r} have the SHA-256 {photographs.checksum}; declared are "
            f"those with {declaration.photographs}. The package that ships them has others, or a file is damaged."
        )
    examined: dict[str, list[Examined]] = {arm.name: [] for arm in declaration.arms}
    for seed in declaration.seeds:
        for arm in declaration.arms:
            if arm.on_photographs and not arm.networks_of:
                _do(folder, arm, seed, partial(study.train_on, photographs, declaration, arm, seed, folder.renders))
            own = folder.run(arm.networks_of or arm.name, seed)
            record = read_struct(own / RECORD, Record)
            if record.status == "finished":
                weights = read_arrays(own / WEIGHTS)
                answers = study.examine(declaration, arm, weights, photographs)
                write_arrays(folder.run(arm.name, seed) / ANSWERS, **answers)
                examined[arm.name].append(Examined(msgspec.structs.replace(record, arm=arm.name), weights, answers))
    return photographs, examined


def failures(folder: StudyFolder, declaration: Declaration) -> dict[str, str]:
    """Errors of the runs that have failed, those on photographs included, by run."""
    runs = [folder.run(arm.name, seed) for arm in declaration.trained_arms for seed in declaration.seeds]
    records = {run.name: read_struct(run / RECORD, Record) for run in runs}
    return {name: record.error for name, record in records.items() if record.status == "failed"}


def is_finished(folder: StudyFolder, arm: Arm, seed: int) -> bool:
    """Whether a run has nothing left to be done."""
    file = folder.run(arm.name, seed) / RECORD
    return file.exists() and read_struct(file, Record).status == "finished"


def pictures_of(run: Path) -> NDArray[np.uint8]:
    """Some training images of a run that is finished, (count, height, width, 3)."""
    return read_arrays(run / PICTURES)["pictures"]


def _do(folder: StudyFolder, arm: Arm, seed: int, train: Callable[[], Trained]) -> None:
    """Does a run, unless it is finished."""
    if is_finished(folder, arm, seed):
        return
    path, begun = folder.run(arm.name, seed), time.perf_counter()
    try:
        trained = train()
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
