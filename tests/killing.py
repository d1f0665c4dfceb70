"""Somebody who breaks servers at random moments."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time

import psutil

DEADLY = (signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP)


class Killer:
    """Sends deadly signals to random servers of this process, also to those that are still starting.

    Args:
        kills: How many.
        seed: Of victims, signals and moments.
        within: Up to how many seconds there are between two.
    """

    def __init__(self, kills: int, seed: int, within: float) -> None:
        self._kills, self._random, self._within = kills, random.Random(seed), within
        self.done: list[signal.Signals] = []
        self._thread = threading.Thread(target=self._run, name="killer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        victims: set[int] = set()  # Who is stopped stays so; a second signal would be no further death.
        while len(self.done) < self._kills:
            time.sleep(self._random.uniform(0, self._within))
            living = [child.pid for child in psutil.Process().children() if child.pid not in victims]
            if not living:
                continue
            victim, deadly = self._random.choice(living), self._random.choice(DEADLY)
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, deadly)
                victims.add(victim)
                self.done.append(deadly)
