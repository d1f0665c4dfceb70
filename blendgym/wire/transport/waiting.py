"""Waiting for a message without falling asleep too soon, as long as nobody else needs the processor."""

from __future__ import annotations

import os
import time

from blendgym.wire.transport.sockets import Socket

INTERRUPTED_SECONDS = 0.0001  # Less is the system's own business.
WAITS_ASLEEP = 200


class Vigil:
    """Waits for messages with the processor held awake: waking a sleeping side is half of a short round trip.

    Whoever is awake lets others in all the time, the other side among them. Where there are others, each time may cost
    milliseconds, and sleeping costs less: then it sleeps through the next messages before it tries again.

    Args:
        socket: Any socket that can receive.
        seconds: How long to wait for a message; longer than a step takes only keeps others from the processor.
    """

    def __init__(self, socket: Socket, seconds: float) -> None:
        self._socket, self._seconds = socket, seconds
        self._asleep = 0

    def keep(self) -> bool:
        """Waits for the next message; returns at once while it is better to sleep.

        Returns:
            Whether there is a message.
        """
        if self._asleep:
            self._asleep -= 1
            return False
        now = time.monotonic()
        until = now + self._seconds
        while now < until:
            os.sched_yield()
            before, now = now, time.monotonic()
            if now - before > INTERRUPTED_SECONDS:
                self._asleep = WAITS_ASLEEP
                return self._socket.poll(0)
            if self._socket.poll(0):
                return True
        return False
