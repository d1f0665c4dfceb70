"""Which process owns a thing after a fork, what a process may use, and when and how processes end."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any


class Owner:
    """The process that has made something. A fork of it has a copy, which it must neither use nor end.

    Attributes:
        pid: Its process id.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()

    def is_here(self) -> bool:
        """Whether this is that process, and no fork of it."""
        return os.getpid() == self.pid

    def finalize(self, owned: object, end: Callable[..., object], *arguments: Any) -> weakref.finalize[[], Any]:
        """Calls a function when an object goes, and at the end of the interpreter, in this process alone.

        Args:
            owned: The object.
            end: Ends what belongs to it.
            *arguments: Of that function; the object itself, if it were one of them, would never go.
        """

        def end_here() -> None:
            if self.is_here():
                end(*arguments)

        return weakref.finalize(owned, end_here)


def usable_processors() -> int:
    """How many processors this process may use: fewer than the machine has where a scheduler or ``taskset`` says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def end_with_input() -> None:
    """Makes this process end once nobody holds the other end of its standard input, a pipe, whatever it does then."""
    threading.Thread(target=_wait_for_end_of_input, name="lifeline", daemon=True).start()


def _wait_for_end_of_input() -> None:
    lifeline = select.poll()
    lifeline.register(sys.stdin.fileno(), 0)  # for nothing but that it is hung up
    lifeline.poll()
    os._exit(1)


def how_it_ended(code: int | None) -> str:
    """Says how a process has ended.

    Args:
        code: Its exit code as ``subprocess`` and ``multiprocessing`` give it: negative for the signal that killed it,
            ``None`` if it is running.
    """
    if code is None:
        return "is running"
    if code >= 0:
        return f"ended with exit code {code}"
    hint = " (perhaps by the kernel, out of memory)" if -code == signal.SIGKILL else ""
    return f"was killed by {_signal_name(-code)}{hint}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # One of those that have no name, for real-time applications.
        return f"signal {number}"
