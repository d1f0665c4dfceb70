"""Carrying out a study on photographs, from wherever it stands: runs, lock, exam, tables, report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from blendgym.execute.cluster import connected_cluster
from blendgym.photographs.figures import draw_verdicts
from blendgym.photographs.folder import StudyFolder
from blendgym.photographs.report import write_report
from blendgym.photographs.results import Verdict, judge, write_tables
from blendgym.photographs.runs import (
    examine_all,
    failures,
    lock,
    lock_on_photographs,
    train_all,
    train_all_on_photographs,
)
from blendgym.photographs.study import Arm, Blenders, Declaration, Photographs, Study, opened_photographs
from blendgym.studies.files import only_here


def carry_out(
    folder: StudyFolder, study: Study, declaration: Declaration, blenders: Blenders, processes: int = 1,
    accepts_failures: bool = False,
) -> tuple[list[Verdict], dict[str, str]]:  # fmt: skip
    """Does what is left of a study.

    Args:
        folder: Of the study; what is finished there stays as it is.
        study: What is studied.
        declaration: What is to be done.
        blenders: That render. Nothing depends on it.
        processes: Runs at a time. Nothing depends on it.
        accepts_failures: Whether the photographs are opened though runs have failed, which do not count then.

    Returns:
        What each arm is worth, and the errors of the runs that have failed, by run.

    Raises:
        InvalidStudy: If the folder has another study, something was changed after the photographs were opened, or they
            are not those that were declared.
        RunsFailed: If runs have failed and that is not accepted, or all have; the photographs stay closed.
        StudyInUse: If another process works on the folder.
        InvalidOption: If it is nowhere that Blenders are to render.
        ExtraMissing: If that takes a package that is not installed.
        ClusterNotFound: If there is no cluster where they are to render.
    """
    import matplotlib as mpl  # noqa: F401 (who has none is told so now, and not by the figures at the end)

    connected_cluster(blenders.execute)
    with only_here(folder.path):
        folder.declare(declaration)
        with _progress(declaration) as (progress, task):
            _train(folder, study, declaration, blenders, processes, progress, task)
        lock(folder, declaration, accepts_failures)
        photographs = opened_photographs(study, declaration)
        train_all_on_photographs(folder, study, declaration, processes)
        lock_on_photographs(folder, declaration)
        return _told(folder, study, declaration, photographs)


def _told(
    folder: StudyFolder, study: Study, declaration: Declaration, photographs: Photographs
) -> tuple[list[Verdict], dict[str, str]]:
    """Examines all networks, and writes tables, figures and the page."""
    examined = examine_all(folder, study, declaration, photographs)
    verdicts = judge(declaration, examined, study.worth)
    write_tables(folder, examined, verdicts, study.worth)
    named = {verdict.arm: verdict for verdict in verdicts}
    figures = study.figures(folder.figures, photographs, examined, named)
    figures = [*draw_verdicts(folder.figures, study, declaration, verdicts, figures), *figures]
    failed = failures(folder, declaration)
    write_report(folder, study, declaration, failed, verdicts, figures)
    return verdicts, failed


def _train(
    folder: StudyFolder, study: Study, declaration: Declaration, blenders: Blenders, processes: int,
    progress: Progress, task: TaskID,
) -> None:  # fmt: skip
    images: dict[tuple[str, int], int] = {}

    def advance(arm: Arm, seed: int, made: int) -> None:
        images[arm.name, seed] = made
        progress.update(task, completed=sum(images.values()), run=f"{arm.name}, seed {seed}")

    train_all(folder, study, declaration, blenders, processes, advance)


@contextmanager
def _progress(declaration: Declaration) -> Iterator[tuple[Progress, TaskID]]:
    columns = (
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} images"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[run]}"),
    )
    total = sum(arm.images for arm in declaration.sealed_arms) * len(declaration.seeds)
    with Progress(*columns) as progress:
        yield progress, progress.add_task(declaration.study, total=total, run="")
