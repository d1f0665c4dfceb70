"""What the process of a server owes to others: it ends with its trainer, shows its stacks, and leaves them processors.

The launcher holds the writing end of a pipe that is the server's standard input, and never writes. When the trainer
ends, however it ends, the kernel closes that end.
"""

from __future__ import annotations

import contextlib
import faulthandler
import fcntl
import os
import signal
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from blendgym.processes import end_with_input


def follow_parent() -> None:
    """Makes the process end when its standard input is closed at the other end."""
    if hasattr(fcntl, "F_SETSIG"):
        _let_the_kernel_kill()
    end_with_input()  # elsewhere, and if the trainer ended before the signal was armed


def _let_the_kernel_kill() -> None:
    """Linux: the end of input sends SIGKILL, which also ends a stopped process and one that hangs inside Blender."""
    pipe = sys.stdin.fileno()
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)


def show_stacks_on_demand() -> None:
    """Makes ``SIGUSR1`` write the Python stacks of all threads to standard error, and a crash do so before it ends.

    Standard error is the server's log. The signal is handled in C, so that a loop which never returns is no obstacle.
    """
    faulthandler.enable(sys.stderr)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, sys.stderr)


@contextlib.contextmanager
def without_workers(processors: Collection[int] = ()) -> Iterator[None]:
    """Lets Blender be imported and initialized inside without worker threads.

    Blender's task scheduler (TBB) makes a worker for every core that the process may use at that moment. A scene of
    a few bodies gives them nothing to do, but they look for work between frames, on the core that the trainer or
    another server needs. With bpy there is no ``--threads`` to say so (4.5, 5.0, 5.2).

    Args:
        processors: Those that the process keeps to afterwards; empty for all.
    """
    if not hasattr(os, "sched_setaffinity"):  # Elsewhere than on Linux it costs speed, nothing else.
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        # Threads that were started meanwhile have inherited the restriction.
        for thread in Path("/proc/self/task").iterdir():
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(int(thread.name), processors or cores)
