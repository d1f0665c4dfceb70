"""What is said when a command is interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def noted(what_is_kept: str) -> Iterator[None]:
    """Adds a note to Ctrl-C, and to SIGTERM, which are said at the end."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(what_is_kept)
        raise
