"""Files that are there as a whole or not at all, and folders with one writer (imports nothing but Python's own)."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


@contextmanager
def atomically_written(file: Path) -> Iterator[Path]:
    """Where to write a file, which takes its place once all of it is written; its folder is made if there is none.

    Only one process at a time may write it. What is left of one that was killed meanwhile, the next one writes over.

    Args:
        file: That there will be, or that is there until then.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    try:
        yield part
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def write_whole(file: Path, content: bytes) -> None:
    """Writes a file as ``atomically_written`` does.

    Args:
        file: Where to.
        content: All of it.
    """
    with atomically_written(file) as part:
        part.write_bytes(content)


def locked(path: Path) -> ExitStack:
    """Keeps other writers away from a folder, until what is returned is closed.

    Raises:
        BlockingIOError: If there is one.
        OSError: If there is no such folder.
    """
    with ExitStack() as files:
        directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        files.callback(os.close, directory)
        fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
        files.callback(fcntl.flock, directory, fcntl.LOCK_UN)  # Children that were forked hold it, too.
        return files.pop_all()
