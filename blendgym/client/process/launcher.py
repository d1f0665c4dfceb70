"""Starting a server process, noticing its death, ending it."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import msgspec

from blendgym.client.process.blender import find_blender
from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.diagnosis import diagnose
from blendgym.client.process.folder import log_tail, make_server_folder, open_log, read_log, unusable
from blendgym.client.process.forks import keep_from_children, without_forks
from blendgym.client.process.modules import module_paths
from blendgym.client.process.packages_folder import packages_folder
from blendgym.errors import EnvironmentInServer, ServerDied, ServerStartError, error_from_code
from blendgym.processes import Owner, how_it_ended
from blendgym.wire.launch import LaunchOrder, LaunchReport, write_json
from blendgym.wire.launch_files import LAUNCH_FILE, REPORT_FILE
from blendgym.wire.transport.keys import ClientKeys

MARK_OF_SERVERS = "BLENDGYM_IS_SERVER"
POLL_SECONDS = 0.005
KILL_SECONDS = 5.0  # A process that waits for a driver does not even end when it is killed.

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Environment of a server. OpenBLAS' threads make the inverse of a 4×4 matrix a hundred times slower on a busy machine
(0.3)."""


class ServerProcess:
    """A Blender that serves one task, as a child of this process. It is started here, and waited for by ``endpoint``.

    Or it does one errand, and is waited for by ``answer``.

    It ends with ``stop()``, with this object, with this process, or by itself when this process is killed.

    Args:
        task: The task, as ``module:Class``.
        options: Keyword arguments of the task.
        slots: How many episodes it holds side by side.
        processors: Those that it keeps to; empty for all.
        blender: See ``find_blender``.
        deadlines: ``start`` matters here.
        endpoint: Address for clients of other processes, who need no token then; default is a private one.
        keys: Folder of keys for it.
        idle_timeout: See ``LaunchOrder``.
        window: Whether Blender's own window shows the simulation.
        scene: A ``.blend`` in place of the task's own scene; see ``LaunchOrder``.
        trust: Whether scripts and drivers of a ``.blend`` may run.
        errand: What it does instead of serving; see ``LaunchOrder``.
        output: The file that the errand writes.

    Raises:
        BlenderNotFound: If there is no Blender.
        TaskNotFound: If the task is in no file that a server could import.
        InvalidOption: If it cannot open a window.
        DisplayNotFound: If there is no display for one.
        ServerStartError: If its files cannot be written.
        EnvironmentInServer: If this process is itself a server that imports its task.
    """

    client_keys: ClientKeys | None = None  # Whoever launched it comes over a private socket.

    def __init__(
        self, task: str, options: dict[str, Any], *, slots: int = 1, processors: Sequence[int] = (),
        blender: str | None = None, deadlines: Deadlines | None = None, endpoint: str | None = None,
        keys: Path | None = None, idle_timeout: float | None = None, window: bool = False,
        scene: Path | str | None = None, trust: bool = False, errand: str = "", output: Path | None = None,
    ) -> None:  # fmt: skip
        _require_trainer()
        self._deadlines, self._task = deadlines or Deadlines(), task
        program = find_blender(blender)
        if window:
            program.require_window()
        paths = module_paths(task)
        self.folder = make_server_folder()
        self.token = "" if endpoint else secrets.token_hex(16)
        order = LaunchOrder(
            task=task,
            entry_point=paths.entry_point,
            options=options,
            endpoint=endpoint or (f"ipc://{self.folder}/socket" if os.name == "posix" else "tcp://127.0.0.1:*"),
            token=self.token,
            program=program.program,
            python_version="{}.{}".format(*sys.version_info),
            pinned=paths.pinned,
            code_path=paths.code,
            site_path=paths.site,
            packages_folder=str(packages_folder()),
            slots=slots,
            processors=tuple(processors),
            keys=str(keys.absolute()) if keys else "",
            idle_timeout=idle_timeout,
            window=window,
            scene=str(scene or ""),
            trust=trust,
            errand=errand,
            output=str(output.absolute()) if output else "",
        )
        try:
            self._process = _start(program.command(self.folder / LAUNCH_FILE, window), self.folder, order)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._finalizer = Owner().finalize(self, _end, self._process, self.folder)
        self._started = time.monotonic()

    @property
    def endpoint(self) -> str:
        """Where it can be reached; waits until it is ready.

        Raises:
            ServerStartError: If the process ends, or stays silent, before it is ready.
            BlendgymError: Whatever the server reports, such as ``SceneNotFound`` or ``SystemLibraryMissing``.
        """
        return self._report.endpoint

    @property
    def answer(self) -> Any:
        """What came of its errand; waits until that is done, and raises what ``endpoint`` raises."""
        return self._report.answer

    @cached_property
    def _report(self) -> LaunchReport:
        try:
            return self._wait_for_report()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether the process is alive (a stopped or hung one is)."""
        return self._process.poll() is None

    def resident_bytes(self) -> int:
        """The memory that the process occupies; 0 where the system does not tell."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1]
        except OSError:
            return 0
        return int(pages) * resource.getpagesize()

    def log(self) -> str:
        """What Blender has written so far."""
        return read_log(self.folder)

    def death(self, what_next: str = "reset() launches a new one") -> ServerDied:
        """The error that says how the process ended."""
        return ServerDied(
            f"The Blender server (pid {self.pid}) {self._ending()}; {what_next}.{log_tail(self.folder)}",
            returncode=self._process.returncode,
        )

    def diagnose(self) -> str:
        """Why it does not answer: the state of the process, the pulse of its main loop, its Python stack."""
        return diagnose(self.pid, self.folder, self._task)

    def stop(self, grace: float = 0.0) -> None:
        """Ends the process and removes its folder.

        Args:
            grace: Seconds in which it may end by itself, as it does after a ``Close``.
        """
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace)
        finally:
            self._finalizer()

    def _wait_for_report(self) -> LaunchReport:
        limit = self._started + self._deadlines.start
        report_file = self.folder / REPORT_FILE
        while not report_file.exists():
            if not self.is_running() and not report_file.exists():
                raise ServerStartError(
                    f"The Blender server {self._ending()} before it was ready.{log_tail(self.folder)}"
                )
            if time.monotonic() > limit:
                raise ServerStartError(
                    f"The Blender server was not ready after {self._deadlines.start:g} s (deadline 'start') and was "
                    f"killed.{self.diagnose()}{log_tail(self.folder)}"
                )
            time.sleep(POLL_SECONDS)
        report = msgspec.json.decode(report_file.read_bytes(), type=LaunchReport)
        if report.code:
            raise error_from_code(report.code, report.message, {})
        return report

    def _ending(self) -> str:
        return how_it_ended(self._process.poll())


def _require_trainer() -> None:
    if MARK_OF_SERVERS in os.environ:
        raise EnvironmentInServer(
            "A Blender server made an environment while it imported the module of its task. What a script does goes "
            "under `if __name__ == '__main__':`, so that its task can be imported without it."
        )


def _start(command: list[str], folder: Path, order: LaunchOrder) -> subprocess.Popen[bytes]:
    try:
        write_json(folder / LAUNCH_FILE, order)
        log = open_log(folder)
    except OSError as error:
        raise unusable(folder.parent, error) from error
    with log, without_forks():
        process = _spawn(command, folder, log)
        if process.stdin:
            keep_from_children(process.stdin)
    return process


def _spawn(command: list[str], folder: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            # Nothing is ever written to this pipe: that it closes tells the server that the trainer is gone.
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A group of its own, so that Ctrl-C reaches the trainer alone, and killing reaches all children.
            start_new_session=True,
            # What the user's own environment says of threads is left alone.
            # Blender leaves a temporary folder behind when it does not end by itself; here it goes with ours.
            env={
                **ONE_THREAD,
                **os.environ,
                "PYTHONUNBUFFERED": "1",
                MARK_OF_SERVERS: "1",
                "TMPDIR": str(folder),
                "TEMP": str(folder),
            },
        )
    except OSError as error:
        raise ServerStartError(
            f"No process for a Blender server can be started: {error}. Look at the limits on processes, open files and "
            "memory (ulimit -a), and whether the program is still there."
        ) from error


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(KILL_SECONDS)
    if process.stdin:
        process.stdin.close()
    shutil.rmtree(folder, ignore_errors=True)
