"""A process that trains networks: it reads runs from its standard input and answers with the images made so far.

``python -m blendgym.photographs.worker``
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from blendgym.photographs.jobs import Job, execute, fail, is_finished
from blendgym.photographs.study import Blenders
from blendgym.studies.worker_loop import work
from blendgym.studies.workers import Kind


def request(job: Job) -> bytes:
    """The line that asks for a run."""
    return msgspec.json.encode([job.study, str(job.path), job.arm, job.seed, *job.blenders]) + b"\n"


def read(line: bytes) -> Job:
    """The run that a line asks for."""
    study, path, arm, seed, producers, where = msgspec.json.decode(line, type=tuple[str, str, str, int, int, str])
    return Job(study, Path(path), arm, seed, Blenders(producers, where))


NETWORKS = Kind("blendgym.photographs.worker", request, lambda job: is_finished(job.folder), fail)

if __name__ == "__main__":
    work(read, execute, fail)
