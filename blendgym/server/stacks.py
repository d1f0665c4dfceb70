"""Says what the process is doing when it is asked to, or when it crashes, even in the middle of a C function."""

from __future__ import annotations

import faulthandler
import signal
import sys


def show_stacks_on_demand() -> None:
    """Makes ``SIGUSR1`` write the Python stacks of all threads to standard error, and a crash do so before it ends.

    Standard error is the server's log. The signal is handled in C, so that a loop which never returns is no obstacle.
    """
    faulthandler.enable(sys.stderr)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, sys.stderr)
