"""Runs on the nodes of a cluster. All that they write comes to this machine as soon as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from blendgym.errors import NodeLost, NodeUnfit
from blendgym.execute.cluster import Cluster, connected_cluster
from blendgym.files import write_whole
from blendgym.studies.runs import RECORD
from blendgym.studies.study import Job, StudyFolder
from blendgym.studies.worker import STUDENTS
from blendgym.studies.workers import Crew, Processes, ProcessWorker

MOST_LOSSES = 3
"""How many nodes a run may lose before it counts as failed: it may be what brings them down."""


def find_crew(execute: str, size: int) -> Crew[Any]:
    """Who does runs where ``execute=`` says; see ``connected_cluster``.

    Args:
        execute: Where.
        size: How many at a time.
    """
    cluster = connected_cluster(execute)
    return Nodes(cluster, size) if cluster else Processes(STUDENTS, size)


class Told(NamedTuple):
    """What a node tells of a run.

    Args:
        answer: That of its worker.
        files: What the run has written since, by name; its record comes last.
        printed: What was printed since.
        ending: What became of the worker, if it is dead.
    """

    answer: bytes
    files: dict[str, bytes]
    printed: bytes
    ending: str


class RunActor:
    """Does runs on a node, in a process of its own and in a folder that goes with the run."""

    def __init__(self, address: str) -> None:  # noqa: ARG002 (runs are asked nothing)
        self._worker: ProcessWorker[Job] | None = None

    def perform(self, inputs: Mapping[str, bytes], job: Job) -> Iterator[Told]:
        """Does a run.

        Args:
            inputs: The files of the study, by their place in its folder.
            job: The run, with the study's folder on the trainer's machine.
        """
        with TemporaryDirectory(prefix="blendgym-run-") as name:
            here = job._replace(study=Path(name))
            for file, content in inputs.items():
                write_whole(here.study / file, content)
            log = here.study / "log"
            self._worker = worker = ProcessWorker(STUDENTS, log)
            news = _News(here.folder, log)
            worker.begin(here)
            answer = b"0"
            while answer.isdigit():
                answer = worker.listen()
                yield Told(answer, news.files(), news.printed(), "" if answer else worker.ending())
            worker.kill()

    def kill(self) -> None:
        """Ends the run."""
        if self._worker:
            self._worker.kill()


class _News:
    """What is new in the folder of a run, and in its log."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder, self._log = folder, log
        self._known: dict[str, int] = {}
        self._shown = 0

    def files(self) -> dict[str, bytes]:
        """Those that were written since the last time."""
        written = {}
        # What begins with a dot is not whole yet.
        for file in sorted(self._folder.glob("[!.]*"), key=lambda file: file.name == RECORD):
            changed = file.stat().st_mtime_ns
            if self._known.get(file.name) != changed:
                self._known[file.name], written[file.name] = changed, file.read_bytes()
        return written

    def printed(self) -> bytes:
        """What was printed since the last time."""
        with self._log.open("rb") as opened:
            opened.seek(self._shown)
            printed = opened.read()
        self._shown += len(printed)
        return printed


class ClusterWorker:
    """Whichever node has a processor for a run. If that node is lost, another one begins the run again.

    Args:
        cluster: The cluster.
        log: File that what is printed there is appended to.

    Attributes:
        job: The run.
        handle: The actor that does it.
    """

    job: Job

    def __init__(self, cluster: Cluster, log: Path) -> None:
        self._cluster, self._log = cluster, log
        self._losses: list[NodeLost] = []
        self._ending = ""
        self.handle = cluster.place(RunActor)

    def begin(self, job: Job) -> None:
        """Begins a run."""
        self.job, self._losses = job, []
        self._begin_again()

    def listen(self) -> bytes:
        """The next answer, whose files are written before it is given."""
        try:
            told: Told = self.handle.answer()
        except NodeLost as error:
            return self._lose(error)
        except NodeUnfit as error:
            self._ending = str(error)
            return b""
        for name, content in told.files.items():
            write_whole(self.job.folder / name, content)
        if told.printed:
            with self._log.open("ab") as log:
                log.write(told.printed)
        self._ending = told.ending
        return told.answer

    def ending(self) -> str:
        """Why the run was not finished."""
        return self._ending

    def kill(self) -> None:
        """Ends it."""
        self.handle.kill()

    def _lose(self, error: NodeLost) -> bytes:
        self._losses.append(error)
        if len(self._losses) == MOST_LOSSES:
            self._ending = f"The run has lost {MOST_LOSSES} nodes, one after the other. The last time: {error}"
            return b""
        self.handle.kill()
        self.handle = self._cluster.place(RunActor)
        self._begin_again()
        return b"0"

    def _begin_again(self) -> None:
        folder = StudyFolder(self.job.study)
        inputs = [folder.declaration, folder.candidates if self.job.is_reference else folder.exam]
        if self.job.arm in folder.study.files:
            inputs.append(folder.teacher(self.job.arm))
        contents = {str(file.relative_to(folder.path)): file.read_bytes() for file in inputs}
        self.handle.perform(contents, self.job)


class Nodes:
    """The nodes of a cluster.

    Args:
        cluster: The cluster.
        size: How many runs there are at a time; those for which no node has a processor wait.
    """

    def __init__(self, cluster: Cluster, size: int) -> None:
        self.kind = STUDENTS
        self._cluster, self.size = cluster, size

    def start_worker(self, log: Path) -> ClusterWorker:
        """A worker on any of them."""
        return ClusterWorker(self._cluster, log)

    def ready(self, workers: Sequence[ClusterWorker]) -> list[ClusterWorker]:
        """Those that have an answer."""
        ready = self._cluster.ready([worker.handle for worker in workers])
        return [worker for worker in workers if worker.handle in ready]
