"""Waiting for a message without falling asleep too soon, and receiving it."""

from __future__ import annotations

import os
import time

import zmq

READABLE = int(zmq.POLLIN)  # Comparing with the enum itself costs more than asking the socket.


def wait_awake(socket: zmq.Socket[bytes], seconds: float) -> bool:
    """Waits for a message with the processor held awake: waking a sleeping side is half of a short round trip.

    The yield lets ZeroMQ's own threads in, without which two waiting sides would starve them on two cores.

    Args:
        socket: Any socket that can receive.
        seconds: How long; waiting longer than a step takes only keeps others from the processor.

    Returns:
        Whether there is a message.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        os.sched_yield()
        if int(socket.getsockopt(zmq.EVENTS)) & READABLE:
            return True
    return False


def receive(socket: zmq.Socket[bytes]) -> list[bytes]:
    """All frames of the next message. Most have one, and asking the socket for more costs more than receiving it."""
    first = socket.recv(copy=False)
    if not first.more:
        return [first.bytes]
    return [first.bytes, *socket.recv_multipart()]
