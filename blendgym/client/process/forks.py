"""What a fork must not copy: ends that keep others waiting or alive as long as any copy of them is open."""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from collections.abc import Iterator
from typing import Protocol


class Closable(Protocol):
    """An open file or socket."""

    def close(self) -> None:
        """Closes it in this process."""


_KEPT: weakref.WeakSet[Closable] = weakref.WeakSet()
_forking = threading.RLock()


def keep_from_children(ours: Closable) -> None:
    """Sees to it that a fork of this process does not hold something open, whose end would then not be noticed.

    Servers, for one, live by a pipe: workers of a torch ``DataLoader`` would keep those of a killed trainer alive.
    """
    _KEPT.add(ours)


@contextlib.contextmanager
def without_forks() -> Iterator[None]:
    """No other thread forks this process inside, where ends are open that no fork may copy.

    While a child is launched, ``subprocess`` waits for the end of a pipe, and would wait for all copies of it.
    """
    with _forking:
        yield


def _acquire() -> None:
    _forking.acquire()


def _release() -> None:
    _forking.release()


def _begin_as_child() -> None:
    global _forking
    _forking = threading.RLock()  # The thread that forked may have had the old one for good.
    for ours in list(_KEPT):
        ours.close()


os.register_at_fork(before=_acquire, after_in_parent=_release, after_in_child=_begin_as_child)
