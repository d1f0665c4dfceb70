"""Runs on all cores: each in a process of its own, so that none can harm or influence another."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from blendgym.studies.runs import execute, record_failure, record_of
from blendgym.studies.study import Job

PRELOADED = ("blendgym.studies.runs", "torch")
"""Imported once, by the process that the others are forked from: torch alone takes longer than a short run."""

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Advance = Callable[[Job, int], None]


class Worker(NamedTuple):
    """A run under way in a process."""

    job: Job
    process: BaseProcess


def run_all(jobs: Iterable[Job], processes: int, advance: Advance, ended: Callable[[Job], None]) -> None:
    """Does runs that are not finished yet, so many at a time.

    A run that raises an error, or whose process dies, is recorded as failed; the others go on.

    Args:
        jobs: The runs.
        processes: How many at a time.
        advance: Called with a run and its charged steps so far.
        ended: Called with every run that is over, those too that were finished before.
    """
    waiting = iter(jobs)
    working: dict[Connection, Worker] = {}
    try:
        with _single_threaded():
            while _fill(working, waiting, processes, ended):
                for connection in wait(list(working)):
                    _listen(connection, working, advance, ended)
    finally:
        for worker in working.values():
            worker.process.kill()


def _fill(
    working: dict[Connection, Worker], waiting: Iterator[Job], processes: int, ended: Callable[[Job], None]
) -> bool:
    while len(working) < processes and (job := next(waiting, None)):
        if is_finished(job):
            ended(job)
            continue
        connection, worker = _begin(job)
        working[connection] = worker
    return bool(working)


def is_finished(job: Job) -> bool:
    """Whether there is nothing left to do for a run."""
    record = record_of(job.folder)
    return record is not None and record.status == "finished"


def _begin(job: Job) -> tuple[Connection, Worker]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, theirs), daemon=False)
    process.start()
    theirs.close()
    return ours, Worker(job, process)


def _listen(
    connection: Connection, working: dict[Connection, Worker], advance: Advance, ended: Callable[[Job], None]
) -> None:  # fmt: skip
    worker = working[connection]
    try:
        advance(worker.job, int(connection.recv_bytes()))
        return
    except EOFError:
        del working[connection]
        connection.close()
    worker.process.join()
    if worker.process.exitcode:
        record_failure(worker.job, f"The process of the run ended with exit code {worker.process.exitcode}.")
    ended(worker.job)


def _work(job: Job, connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    def report(steps: int) -> None:
        try:
            connection.send_bytes(str(steps).encode())
        except OSError:
            os._exit(1)  # whoever began the study is gone

    try:
        execute(job, report)
    except Exception as error:
        record_failure(job, f"{type(error).__name__}: {error}")
    # The teardown of Blender and of torch's threads has nothing to do with the results, which are written.
    connection.close()
    os._exit(0)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Lets processes that begin meanwhile use one thread each: results would depend on the number otherwise."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
