"""Files that are there as a whole or not at all, whatever becomes of the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replaced(file: Path) -> Iterator[BinaryIO]:
    """Writes a file, which takes its place once all of it is written; its folder is made if there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def write(file: Path, content: bytes) -> None:
    """Writes a file as ``replaced`` does."""
    with replaced(file) as stream:
        stream.write(content)
