"""The pulse of a server's main loop: what it is doing and since when, in a small file that others can read.

A process may be alive while its main loop hangs, and a loop that hangs cannot answer questions. So it notes what it
does before it does it, in memory that it shares with whoever opens the file.
"""

from __future__ import annotations

import mmap
import time
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np

from blendgym.wire.messages import AnyRequest, Request

PULSE_FILE = "pulse"

STARTING, WAITING = 0, 1
_NUMBERS: dict[type, int] = {kind: number for number, kind in enumerate(get_args(AnyRequest), start=2)}
_NAMES = {number: kind.__name__ for kind, number in _NUMBERS.items()}
_FIELDS = 3
"""Number of what is being done, monotonic time of its beginning in s, requests answered so far; all float64."""


class Pulse:
    """The writing side; a beat costs a fraction of a microsecond.

    Args:
        file: Where it is to be. Its space on the disk is taken here, so that no later beat can fail.

    Raises:
        OSError: If there is no space.
    """

    def __init__(self, file: Path) -> None:
        file.write_bytes(np.array([STARTING, time.monotonic(), 0.0]).tobytes())
        with file.open("r+b") as opened:
            self._fields = memoryview(mmap.mmap(opened.fileno(), 0)).cast("B").cast("d")

    def begin(self, request: Request) -> None:
        """Notes that a request is being carried out."""
        fields = self._fields
        fields[1] = time.monotonic()
        fields[0] = _NUMBERS[type(request)]

    def wait(self) -> None:
        """Notes that the next request is waited for."""
        fields = self._fields
        fields[1] = time.monotonic()
        fields[0] = WAITING

    def answered(self) -> None:
        """Notes that a request has its reply, and waits for the next one."""
        self._fields[2] += 1
        self.wait()


class Beat(NamedTuple):
    """What the main loop of a server was last seen doing.

    Args:
        request: The kind of request that it carries out; empty if none.
        is_starting: Whether it is not ready for requests yet.
        seconds: Since when.
        answered: How many requests have had their reply.
    """

    request: str
    is_starting: bool
    seconds: float
    answered: int


def read_pulse(file: Path) -> Beat:
    """Reads the pulse of a server on this machine.

    Raises:
        OSError: If there is none.
        ValueError: If it is none.
    """
    doing, since, answered = np.frombuffer(file.read_bytes(), np.float64, _FIELDS).tolist()
    return Beat(_NAMES.get(int(doing), ""), doing == STARTING, max(0.0, time.monotonic() - since), int(answered))
