"""Waiting for a message without falling asleep too soon."""

from __future__ import annotations

import os
import time

from blendgym.wire.transport.sockets import Socket


def wait_awake(socket: Socket, seconds: float) -> bool:
    """Waits for a message with the processor held awake: waking a sleeping side is half of a short round trip.

    The yield lets the other side in, and ZeroMQ's threads where there are any; without it two waiting sides would
    starve them on two cores.

    Args:
        socket: Any socket that can receive.
        seconds: How long; waiting longer than a step takes only keeps others from the processor.

    Returns:
        Whether there is a message.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        os.sched_yield()
        if socket.poll(0):
            return True
    return False
