"""The trainer's ends of the pipes that its servers live by; see ``blendgym.server.process``."""

from __future__ import annotations

import os
import subprocess
import threading
import weakref

LAUNCHING = threading.RLock()
"""Is held while a child is launched, so that no other thread forks meanwhile: a fork copies the pipe on which
``subprocess`` waits for the child to begin, and it would wait until the copy is closed, too."""

_HELD: weakref.WeakSet[subprocess.Popen[bytes]] = weakref.WeakSet()


def hold(process: subprocess.Popen[bytes]) -> None:
    """Sees to it that a server ends with the process that has launched it, even if children of that one live on.

    A fork copies every open end: workers of a torch ``DataLoader`` would keep the servers of a killed trainer alive.
    """
    _HELD.add(process)


def _let_go() -> None:
    for process in list(_HELD):
        if process.stdin:
            process.stdin.close()


os.register_at_fork(before=LAUNCHING.acquire, after_in_parent=LAUNCHING.release, after_in_child=LAUNCHING.release)
os.register_at_fork(after_in_child=_let_go)
