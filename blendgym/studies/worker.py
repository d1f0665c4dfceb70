"""A process that trains students: it reads runs from its standard input and answers with the steps charged so far.

``python -m blendgym.studies.worker``
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from blendgym.studies.runs import execute, intact_record_of, record_failure
from blendgym.studies.study import Job
from blendgym.studies.worker_loop import work
from blendgym.studies.workers import Kind


def request(job: Job) -> bytes:
    """The line that asks for a run."""
    return msgspec.json.encode([str(job.study), job.arm, job.seed, job.is_reference]) + b"\n"


def read(line: bytes) -> Job:
    """The run that a line asks for."""
    study, arm, seed, is_reference = msgspec.json.decode(line, type=tuple[str, str, int, bool])
    return Job(Path(study), arm, seed, is_reference)


def is_over(job: Job) -> bool:
    """Whether there is nothing left to do; a run whose files are damaged is done again."""
    record = intact_record_of(job.folder)
    return bool(record and record.is_over)


STUDENTS = Kind("blendgym.studies.worker", request, is_over, record_failure)

if __name__ == "__main__":
    work(read, execute, record_failure)
