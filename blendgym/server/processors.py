"""One server, one processor core: servers scale by their number."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path


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
