"""Waiting for a message without falling asleep too soon, as long as nobody else needs the processor."""

from __future__ import annotations

import os
import time

from blendgym.wire.transport.sockets import Socket

INTERRUPTED_SECONDS = 0.0001  # Less is the system's own business.
SAVED_SECONDS = 0.00004  # By each message for which nobody had to wake up.
FEWEST_ASLEEP, MOST_ASLEEP = 10, 1280  # messages


class SpinWait:
    """Waits for messages with the processor held awake: waking a sleeping side is half of a short round trip.

    Whoever is awake lets others in all the time, the other side among them. Where there are others, each time may cost
    milliseconds, and sleeping costs less. So it sleeps through the next messages before it tries again: a few after an
    interruption that was shorter than what being awake has saved since the last one, and otherwise twice as many as
    the last time.

    Args:
        socket: Any socket that can receive.
        seconds: How long to wait for a message; longer than a step takes only keeps others from the processor.
    """

    def __init__(self, socket: Socket, seconds: float) -> None:
        self._poll, self._seconds = socket.poll, seconds
        self._asleep = self._kept = 0
        self._nap = FEWEST_ASLEEP

    def wait(self) -> bool:
        """Waits for the next message; returns at once while it is better to sleep.

        Returns:
            Whether there is a message.
        """
        if self._asleep:
            self._asleep -= 1
            return False
        poll, clock = self._poll, time.monotonic
        now = clock()
        until = now + self._seconds
        while now < until:
            os.sched_yield()
            before, now = now, clock()
            if now - before > INTERRUPTED_SECONDS:
                self._lie_down(now - before)
                return poll(0)
            if poll(0):
                self._kept += 1
                return True
        return False

    def _lie_down(self, lost: float) -> None:
        self._nap = self._asleep = next_nap(self._nap, self._kept, lost)
        self._kept = 0


def next_nap(last: int, kept: int, lost: float) -> int:
    """How many messages to sleep through after an interruption.

    Args:
        last: As many as after the interruption before.
        kept: Messages since then that came while the socket was watched.
        lost: Seconds that the interruption took.
    """
    return FEWEST_ASLEEP if kept * SAVED_SECONDS > lost else min(2 * last, MOST_ASLEEP)
