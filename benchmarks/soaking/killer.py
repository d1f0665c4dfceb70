"""Somebody who breaks servers at random moments."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import threading
from pathlib import Path

DEADLY = (signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP)


class Killer:
    """Sends deadly signals to random servers of this process, also to those that are still starting.

    Args:
        seed: Of victims, signals and moments.
        within: Up to how many seconds there are between two.
        most: After how many it is done.

    Attributes:
        kills: How many there were.
    """

    def __init__(self, seed: int, within: float, most: int = sys.maxsize) -> None:
        self.kills = 0
        self._random = random.Random(seed)  # noqa: S311 (no secret)
        self._within, self._most = within, most
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="killer", daemon=True)

    @property
    def is_done(self) -> bool:
        """Whether there will be no more kills."""
        return not self._thread.is_alive()

    def start(self) -> None:
        """Lets it loose."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        victims: set[int] = set()  # A process that is stopped dies no second death.
        while self.kills < self._most and not self._end.wait(self._random.uniform(0, self._within)):
            living = child_pids() - victims
            if not living:
                continue
            victim = self._random.choice(sorted(living))
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, self._random.choice(DEADLY))
                victims.add(victim)
                self.kills += 1


def child_pids() -> set[int]:
    """The processes that this one has started and that are not waited for yet (Linux)."""
    lists = (file.read_text().split() for file in Path("/proc/self/task").glob("*/children"))
    return {int(pid) for pids in lists for pid in pids}
