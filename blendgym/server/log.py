"""The server's log, into which Blender itself writes: Cycles some lines for every frame, in trainings of weeks."""

from __future__ import annotations

import contextlib
import os

MAX_BYTES = 16 << 20
KEPT_BYTES = 1 << 20
STANDARD_OUTPUT = 1


def shorten_log() -> None:
    """Leaves nothing but the end of a log that has become too long."""
    size = os.fstat(STANDARD_OUTPUT).st_size
    if size <= MAX_BYTES:
        return
    with contextlib.suppress(OSError):  # The disk may be full.
        end = os.pread(STANDARD_OUTPUT, KEPT_BYTES, size - KEPT_BYTES)
        os.ftruncate(STANDARD_OUTPUT, 0)  # It is appended to, so that whatever comes next begins there.
        os.write(STANDARD_OUTPUT, end)
