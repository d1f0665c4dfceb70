"""A process that does runs: it reads them from its standard input and answers with the steps charged so far.

``python -m blendgym.studies.worker``
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from blendgym.studies.runs import execute, record_failure
from blendgym.studies.study import Job

OVER = b"over"
"""Answer to a run that is finished or has failed."""


def request(job: Job) -> bytes:
    """The line that asks for a run."""
    return msgspec.json.encode([str(job.study), job.arm, job.seed, job.is_reference]) + b"\n"


def main() -> None:
    """Does one run after the other until there is no more input."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever Blender or a library prints is no answer
    for line in sys.stdin.buffer:
        study, arm, seed, is_reference = msgspec.json.decode(line, type=tuple[str, str, int, bool])
        _do(Job(Path(study), arm, seed, is_reference), answers)
        answers.write(OVER + b"\n")
    # The teardown of Blender and torch takes its time and has nothing to do with results, which are written.
    os._exit(0)


def _do(job: Job, answers: BinaryIO) -> None:
    def report(steps: int) -> None:
        try:
            answers.write(b"%d\n" % steps)
        except BrokenPipeError:
            os._exit(1)  # whoever asked is gone; the run begins again with the next

    try:
        execute(job, report)
    except Exception as error:
        record_failure(job, f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
