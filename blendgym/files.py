"""Files that are there as a whole or not at all, whatever becomes of the process (imports nothing but Python's own)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
