"""What is said when a command is interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path


@contextmanager
def noted(what_is_kept: str) -> Iterator[None]:
    """Adds a note to Ctrl-C, and to SIGTERM, which are said at the end."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(what_is_kept)
        raise


def finished_is_kept(output: Path) -> AbstractContextManager[None]:
    """Says so, of commands that go on with what is finished in their folder."""
    return noted(f"What is finished is kept in {output}; the same command goes on.")
