"""The private folder of a server: socket, launch order, report and log."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from blendgym.errors import ServerStartError

PREFIX = "blendgym"
LOG_FILE = "server.log"
LOG_TAIL_LINES = 20
LOG_TAIL_BYTES = 1 << 16
PAGE_BYTES = 4096


def make_server_folder() -> Path:
    """Makes a folder that only this user can enter, and removes those of trainers that are gone.

    Raises:
        ServerStartError: If there is no place for it.
    """
    base = Path(tempfile.gettempdir())
    _remove_orphans(base)
    try:
        # mkdtemp gives it mode 0700. The name tells whose it is, for the removal of orphans.
        return Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-", dir=base))
    except OSError as error:
        raise unusable(base, error) from error


def unusable(folder: Path, error: OSError) -> ServerStartError:
    """The error that says that files cannot be written there."""
    return ServerStartError(
        f"The files of a Blender server cannot be written in {folder}: {error.strerror}. Make room there, or name "
        "another place with the environment variable TMPDIR."
    )


def open_log(folder: Path) -> IO[bytes]:
    """The log, for a server to write into, locked for as long as the server lives: it is what holds it open.

    Raises:
        OSError: If it cannot be made.
    """
    log = (folder / LOG_FILE).open("a+b")
    with contextlib.suppress(OSError):  # Not every network's disk has locks.
        fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return log


def read_log(folder: Path) -> str:
    """What the server has written; nothing if somebody has removed it."""
    try:
        return (folder / LOG_FILE).read_text(errors="replace")
    except OSError:
        return ""


def log_tail(folder: Path) -> str:
    """The last lines of the server's log, ready to stand at the end of an error message."""
    try:
        with (folder / LOG_FILE).open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - LOG_TAIL_BYTES))
            lines = log.read(LOG_TAIL_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return ""
    if not lines:
        return f" Its log is empty{', for the disk is full' if _is_full(folder) else ''}."
    return "\nThe last lines of its log:\n  " + "\n  ".join(lines[-LOG_TAIL_LINES:])


def _is_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < PAGE_BYTES


def _remove_orphans(base: Path) -> None:
    """A trainer that was killed could not clean up after itself."""
    with contextlib.suppress(OSError):
        for folder in base.glob(f"{PREFIX}-*-*"):
            owner = folder.name.split("-")[1]
            if owner.isdigit() and not _is_running(int(owner)) and not _is_in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_in_use(folder: Path) -> bool:
    """Whether a server has it: its trainer may be in another container or on another machine that shares the disk."""
    try:
        with (folder / LOG_FILE).open("r+b") as log:
            fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # It is locked, or not there yet.
        return True
    return False


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
