"""Files that are there as a whole or not at all, whatever becomes of the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(file: Path) -> Iterator[Path]:
    """Where to write a file, which takes its place once all of it is written.

    It has the same ending, which stable-baselines3 looks at.
    """
    part = file.with_name(f".part-{file.name}")
    yield part
    part.replace(file)
