"""Runs of a study on photographs: done side by side, sealed, and only then examined."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import msgspec

from blendgym.errors import InvalidStudy, RunsFailed
from blendgym.names import name_of_class
from blendgym.photographs.folder import StudyFolder
from blendgym.photographs.jobs import ANSWERS, RECORD, WEIGHTS, Job, do
from blendgym.photographs.study import ONE, Arm, Blenders, Declaration, Examined, Photographs, Record, Study
from blendgym.photographs.worker import NETWORKS
from blendgym.studies.files import read_arrays, read_struct, write_arrays, write_struct
from blendgym.studies.workers import Processes, run_all

Advance = Callable[[Arm, int, int], None]
"""Is told the arm, the seed and the images so far of a run."""


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """Written when runs are over, before their networks are examined: from then on nothing can be changed.

    Args:
        declaration: SHA-256 of what was declared.
        weights: SHA-256 of each network, by run; what has failed has none.
        failed: Errors of the runs that have failed.
    """

    declaration: str
    weights: dict[str, str]
    failed: dict[str, str]


def train_all(
    folder: StudyFolder, study: Study, declaration: Declaration, blenders: Blenders, processes: int, advance: Advance
) -> None:
    """Does what is left of the runs that need no photograph. One that raises an error is noted as failed.

    Once the study is locked nothing of them is trained any more; until then, what has failed is tried again.

    Args:
        folder: Of the study, which is declared there.
        study: What is studied.
        declaration: What is to be done.
        blenders: That render.
        processes: Runs at a time. One is done in this process.
        advance: Told of every image.
    """
    if folder.lock.exists():
        return
    arms = {arm.name: arm for arm in declaration.sealed_arms}
    jobs = _jobs(folder, study, declaration, arms.values(), blenders)

    def told(job: Job, made: int) -> None:
        advance(arms[job.arm], job.seed, made)

    _do_all(jobs, folder, study, declaration, processes, told)


def lock(folder: StudyFolder, declaration: Declaration, accepts_failures: bool = False) -> None:
    """Seals the runs that need no photograph; or makes sure that they are those that were sealed.

    Args:
        folder: Of the study.
        declaration: What was declared.
        accepts_failures: Whether runs that have failed are sealed as such, and do not count.

    Raises:
        InvalidStudy: If something has been changed since, or the seal is gone.
        RunsFailed: If no run is finished; or one has failed, and that is not accepted.
    """
    present = _state_of(folder, declaration, declaration.sealed_arms)
    if folder.lock.exists():
        if read_struct(folder.lock, Lock) != present:
            raise _changed(folder.lock)
        return
    if folder.results.exists():
        raise InvalidStudy(
            f"{folder.lock} is gone, and {folder.results} says that the photographs have been opened. Put it back, or "
            "begin again in another folder."
        )
    if present.failed and not (accepts_failures and present.weights):
        first = next(iter(present.failed))
        raise RunsFailed(
            f"{len(present.failed)} of {len(present.failed) + len(present.weights)} runs have failed, {first} by "
            f"{present.failed[first].rstrip('.')}. The photographs stay closed; the same command tries these runs "
            "again, and --accept-failures goes on without them, if others are finished."
        )
    write_struct(folder.lock, present)


def lock_on_photographs(folder: StudyFolder, declaration: Declaration) -> None:
    """Seals what runs on photographs have come to so far; or makes sure that what was sealed of them is the same.

    Raises:
        InvalidStudy: If something has been changed since.
    """
    if not declaration.arms_on_photographs:
        return
    present = _state_of(folder, declaration, declaration.arms_on_photographs)
    if folder.lock_on_photographs.exists():
        before = read_struct(folder.lock_on_photographs, Lock)
        if not before.weights.items() <= present.weights.items():
            raise _changed(folder.lock_on_photographs)
    write_struct(folder.lock_on_photographs, present)


def _state_of(folder: StudyFolder, declaration: Declaration, arms: Iterable[Arm]) -> Lock:
    weights, failed = {}, {}
    for arm in arms:
        for path in (folder.run(arm.name, seed) for seed in declaration.seeds):
            record = read_struct(path / RECORD, Record)
            if record.status == "finished":
                weights[path.name] = hashlib.sha256(_content_of(path / WEIGHTS)).hexdigest()
            else:
                failed[path.name] = record.error
    return Lock(declaration=declaration.checksum, weights=weights, failed=failed)


def _content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidStudy(f"{file} cannot be read: {error.strerror}. It is of a run that is finished.") from error


def _changed(lock: Path) -> InvalidStudy:
    return InvalidStudy(
        f"{lock} was written before networks were examined, and what it seals has been changed since. Results would be "
        "worth nothing; begin again in another folder."
    )


def train_all_on_photographs(folder: StudyFolder, study: Study, declaration: Declaration, processes: int) -> None:
    """Does what is left of the runs on photographs; see ``train_all``."""
    jobs = _jobs(folder, study, declaration, declaration.arms_on_photographs, ONE)
    _do_all(jobs, folder, study, declaration, processes, lambda *_: None)


def examine_all(
    folder: StudyFolder, study: Study, declaration: Declaration, photographs: Photographs
) -> dict[str, list[Examined]]:
    """Examines every network.

    Returns:
        What became of the runs that are finished, by arm.
    """
    examined: dict[str, list[Examined]] = {arm.name: [] for arm in declaration.arms}
    for seed in declaration.seeds:
        for arm in declaration.arms:
            own = folder.run(arm.networks_of or arm.name, seed)
            record = read_struct(own / RECORD, Record)
            if record.status == "finished":
                weights = read_arrays(own / WEIGHTS)
                answers = study.examine(declaration, arm, weights, photographs)
                write_arrays(folder.run(arm.name, seed) / ANSWERS, **answers)
                examined[arm.name].append(Examined(msgspec.structs.replace(record, arm=arm.name), weights, answers))
    return examined


def failures(folder: StudyFolder, declaration: Declaration) -> dict[str, str]:
    """Errors of the runs that have failed, those on photographs included, by run."""
    runs = [folder.run(arm.name, seed) for arm in declaration.trained_arms for seed in declaration.seeds]
    records = {run.name: read_struct(run / RECORD, Record) for run in runs}
    return {name: record.error for name, record in records.items() if record.status == "failed"}


def _jobs(
    folder: StudyFolder, study: Study, declaration: Declaration, arms: Iterable[Arm], blenders: Blenders
) -> list[Job]:
    """The runs of arms, seed by seed, so that all arms have come equally far at any time."""
    arms, name = list(arms), name_of_class(type(study))
    return [Job(name, folder.path, arm.name, seed, blenders) for seed in declaration.seeds for arm in arms]


def _do_all(
    jobs: list[Job], folder: StudyFolder, study: Study, declaration: Declaration, processes: int,
    advance: Callable[[Job, int], None],
) -> None:  # fmt: skip
    images = {arm.name: arm.images for arm in declaration.arms}

    def over(job: Job) -> None:
        advance(job, images[job.arm])

    if processes > 1:
        run_all(jobs, Processes(NETWORKS, processes), folder.log, advance, over)
        return
    for job in jobs:
        do(job, study, declaration, partial(advance, job))
        over(job)
