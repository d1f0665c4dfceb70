"""The server's log, into which Blender itself writes: Cycles 5 kB for every frame, which fills disks within a day."""

from __future__ import annotations

import contextlib
import os

MAX_BYTES = 16 << 20
KEPT_BYTES = 1 << 20
"""Of the beginning, and of the end."""

ANSWERS_PER_LOOK = 64  # A look takes a hundredth of a step.
GAP = b"\n[...]\n"
STANDARD_OUTPUT = 1


def shorten_log() -> None:
    """Leaves nothing but the beginning and the end of a log that has become too long."""
    size = os.fstat(STANDARD_OUTPUT).st_size
    if size <= MAX_BYTES:
        return
    with contextlib.suppress(OSError):  # The disk may be full.
        beginning = os.pread(STANDARD_OUTPUT, KEPT_BYTES, 0)
        end = os.pread(STANDARD_OUTPUT, KEPT_BYTES, size - KEPT_BYTES)
        os.ftruncate(STANDARD_OUTPUT, 0)  # It is appended to, so that whatever comes next begins there.
        os.write(STANDARD_OUTPUT, beginning + GAP + end)
