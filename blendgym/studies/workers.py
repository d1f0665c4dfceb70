"""Runs on all cores: in processes of their own, so that a run that dies takes nothing with it."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from pathlib import Path
from typing import IO, cast

from blendgym.studies.runs import record_failure, record_of
from blendgym.studies.study import Job
from blendgym.studies.worker import OVER, request

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Each process has one core; and sums would depend on the number of threads."""


class Worker:
    """A process, and the run that it does.

    Args:
        log: File that its messages are appended to.

    Attributes:
        job: The run.
    """

    job: Job

    def __init__(self, log: Path) -> None:
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "blendgym.studies.worker"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=file, bufsize=0, env=os.environ | ONE_THREAD,
            )  # fmt: skip
        self._questions, self.answers = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)

    def begin(self, job: Job) -> None:
        """Begins a run."""
        self.job = job
        with contextlib.suppress(BrokenPipeError):  # if it is dead, its silence will tell
            self._questions.write(request(job))

    def listen(self) -> bytes:
        """The next answer; empty if the process is dead."""
        return self.answers.readline().strip()

    def exit_code(self) -> int:
        """Of the process that is dead."""
        return self._process.wait()

    def kill(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()
        self._questions.close()
        self.answers.close()


def run_all(
    jobs: Iterable[Job], processes: int, log: Path, advance: Callable[[Job, int], None], ended: Callable[[Job], None]
) -> None:
    """Does runs that are not over yet, so many at a time; those that have failed begin again.

    A run that raises an error, or whose process dies, is recorded as failed; the others go on.

    Args:
        jobs: The runs.
        processes: How many at a time.
        log: File for what workers print.
        advance: Called with a run and its charged steps so far.
        ended: Called with every run that is over, those too that were over before.
    """
    waiting = _unfinished(jobs, ended)
    workers: list[Worker] = []
    try:
        for job in itertools.islice(waiting, processes):
            workers.append(Worker(log))
            workers[-1].begin(job)
        while workers:
            for worker in _ready(workers):
                answer = worker.listen()
                if answer.isdigit():
                    advance(worker.job, int(answer))
                    continue
                workers.remove(worker)
                workers += _succeeding(worker, answer, waiting, log, ended)
    finally:
        for worker in workers:
            worker.kill()


def _ready(workers: list[Worker]) -> list[Worker]:
    by_pipe = {worker.answers.fileno(): worker for worker in workers}
    return [by_pipe[pipe] for pipe in wait(list(by_pipe)) if isinstance(pipe, int)]


def _succeeding(
    worker: Worker, answer: bytes, waiting: Iterator[Job], log: Path, ended: Callable[[Job], None]
) -> list[Worker]:  # fmt: skip
    """What takes the place of a worker whose run is over: itself, or another if it is dead, or nothing."""
    if answer != OVER:
        record_failure(worker.job, f"The process of the run ended with exit code {worker.exit_code()}.")
    ended(worker.job)
    job = next(waiting, None)
    if answer != OVER or job is None:
        worker.kill()
    if job is None:
        return []
    following = worker if answer == OVER else Worker(log)
    following.begin(job)
    return [following]


def _unfinished(jobs: Iterable[Job], ended: Callable[[Job], None]) -> Iterator[Job]:
    for job in jobs:
        record = record_of(job.folder)
        if record and record.is_over:
            ended(job)
        else:
            yield job
