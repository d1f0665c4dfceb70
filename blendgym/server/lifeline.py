"""Ends a server whose trainer is gone, whatever the server is doing.

The launcher holds the writing end of a pipe that is the server's standard input, and never writes. When the trainer
ends, however it ends, the kernel closes that end.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import sys
import threading


def follow_parent() -> None:
    """Makes the process end when its standard input is closed at the other end."""
    if hasattr(fcntl, "F_SETSIG"):
        _let_the_kernel_kill()
    threading.Thread(target=_wait_for_end_of_input, name="lifeline", daemon=True).start()


def _let_the_kernel_kill() -> None:
    """Linux: the end of input sends SIGKILL, which also ends a stopped process and one that hangs inside Blender."""
    pipe = sys.stdin.fileno()
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)


def _wait_for_end_of_input() -> None:
    """Elsewhere, and if the trainer ended before the signal was armed. Nothing is ever written to the pipe."""
    select.select([sys.stdin], [], [])
    os._exit(1)
