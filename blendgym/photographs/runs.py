"""Runs of a study on photographs: done side by side, sealed, and only then examined."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import partial

import msgspec

from blendgym.errors import InvalidStudy
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


def train_all_on_photographs(folder: StudyFolder, study: Study, declaration: Declaration, processes: int) -> None:
    """Does what is left of the runs on photographs; see ``train_all``."""
    arms = [arm for arm in declaration.trained_arms if arm.on_photographs]
    jobs = _jobs(folder, study, declaration, arms, ONE)
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
