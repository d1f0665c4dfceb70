"""Runs side by side: each in a process of its own, so that one that dies takes nothing with it."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import IO, Any, Generic, NamedTuple, Protocol, TypeVar, cast

from blendgym.processes import how_it_ended
from blendgym.studies.worker_loop import OVER

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Each process has one core; and sums would depend on the number of threads."""


AnyJob = TypeVar("AnyJob")


class Kind(NamedTuple, Generic[AnyJob]):
    """A kind of runs.

    Args:
        module: The program of a process that does them; see ``worker_loop``.
        request: The line that asks it for one.
        is_over: Whether nothing of one is left to do.
        fail: Notes why one has failed.
    """

    module: str
    request: Callable[[AnyJob], bytes]
    is_over: Callable[[AnyJob], bool]
    fail: Callable[[AnyJob, str], None]


class Worker(Protocol):
    """What does runs, one after the other.

    Attributes:
        job: The run under way.
    """

    job: Any

    def begin(self, job: Any) -> None:
        """Begins a run."""

    def listen(self) -> bytes:
        """The next answer: how far the run is, or ``OVER``; empty if the worker is dead."""

    def ending(self) -> str:
        """What became of a worker that is dead, as a sentence."""

    def kill(self) -> None:
        """Ends it."""


AnyWorker = TypeVar("AnyWorker", bound=Worker)


class Crew(Protocol[AnyWorker]):
    """Where workers come from.

    Attributes:
        kind: Of their runs.
        size: How many there are at a time.
    """

    kind: Kind[Any]
    size: int

    def start_worker(self, log: Path) -> AnyWorker:
        """Another one, whose messages are appended to a file."""

    def ready(self, workers: Sequence[AnyWorker]) -> list[AnyWorker]:
        """Those that have an answer; waits until there is one."""


class ProcessWorker(Generic[AnyJob]):
    """A process, and the run that it does.

    Args:
        kind: Of its runs.
        log: File that its messages are appended to.

    Attributes:
        job: The run.
    """

    job: AnyJob

    def __init__(self, kind: Kind[AnyJob], log: Path) -> None:
        self._kind = kind
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", kind.module],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=file, bufsize=0, env=os.environ | ONE_THREAD,
            )  # fmt: skip
        self._questions, self.answers = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)

    def begin(self, job: AnyJob) -> None:
        """Begins a run."""
        self.job = job
        with contextlib.suppress(BrokenPipeError):  # if it is dead, its silence will tell
            self._questions.write(self._kind.request(job))

    def listen(self) -> bytes:
        """The next answer; empty if the process is dead."""
        return self.answers.readline().strip()

    def ending(self) -> str:
        """What became of the process, once it is dead."""
        return f"The process of the run {how_it_ended(self._process.wait())}."

    def kill(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()
        self._questions.close()
        self.answers.close()


class Processes(Generic[AnyJob]):
    """Processes of this machine.

    Args:
        kind: Of their runs.
        size: How many at a time.
    """

    def __init__(self, kind: Kind[AnyJob], size: int) -> None:
        self.kind, self.size = kind, size

    def start_worker(self, log: Path) -> ProcessWorker[AnyJob]:
        """Another one."""
        return ProcessWorker(self.kind, log)

    def ready(self, workers: Sequence[ProcessWorker[AnyJob]]) -> list[ProcessWorker[AnyJob]]:
        """Those that have an answer."""
        by_pipe = {worker.answers.fileno(): worker for worker in workers}
        return [by_pipe[pipe] for pipe in wait(list(by_pipe)) if isinstance(pipe, int)]


def run_all(
    jobs: Iterable[AnyJob], crew: Crew[AnyWorker], log: Path, advance: Callable[[AnyJob, int], None],
    ended: Callable[[AnyJob], None],
) -> None:  # fmt: skip
    """Does runs that are not over yet, so many at a time; those that have failed begin again.

    A run that raises an error, or whose worker dies, is recorded as failed; the others go on.

    Args:
        jobs: The runs.
        crew: Who does them.
        log: File for what workers print.
        advance: Called with a run and how far it is.
        ended: Called with every run that is over, those too that were over before.
    """
    waiting = _unfinished(jobs, crew, ended)
    workers: list[AnyWorker] = []
    try:
        for job in itertools.islice(waiting, crew.size):
            workers.append(crew.start_worker(log))
            workers[-1].begin(job)
        while workers:
            for worker in crew.ready(workers):
                answer = worker.listen()
                if answer.isdigit():
                    advance(worker.job, int(answer))
                    continue
                workers.remove(worker)
                workers += _succeeding(crew, worker, answer, waiting, log, ended)
    finally:
        for worker in workers:
            worker.kill()


def _succeeding(
    crew: Crew[AnyWorker], worker: AnyWorker, answer: bytes, waiting: Iterator[AnyJob], log: Path,
    ended: Callable[[AnyJob], None],
) -> list[AnyWorker]:  # fmt: skip
    """What takes the place of a worker whose run is over: itself, or another if it is dead, or nothing."""
    if answer != OVER:
        crew.kind.fail(worker.job, worker.ending())
    ended(worker.job)
    job = next(waiting, None)
    if answer != OVER or job is None:
        worker.kill()
    if job is None:
        return []
    following = worker if answer == OVER else crew.start_worker(log)
    following.begin(job)
    return [following]


def _unfinished(jobs: Iterable[AnyJob], crew: Crew[AnyWorker], ended: Callable[[AnyJob], None]) -> Iterator[AnyJob]:
    for job in jobs:
        if crew.kind.is_over(job):
            ended(job)
        else:
            yield job
