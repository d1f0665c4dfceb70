"""What things cost, and where they are."""

from __future__ import annotations

import math
from typing import NamedTuple

GIGABIT = 1e9 / 8  # bytes/s


class VectorCosts(NamedTuple):
    """What a step of many environments costs.

    Args:
        step: Seconds of the trainer for each step of all environments together.
        message: Seconds of the trainer for each server: a request and its reply.
        environment: Seconds of the trainer for each environment.
        request: Seconds of a server for each request, whatever it has to step.
        slot: Seconds of a server for each of its slots.
        size: Bytes of an observation.
        byte: Seconds of the trainer to take a byte from a socket.
        spread: Standard deviation of the logarithm of a server's seconds.
    """

    step: float
    message: float
    environment: float
    request: float
    slot: float
    size: int = 32
    byte: float = 0.0
    spread: float = 0.0

    def answer(self, slots: int) -> float:
        """Seconds of a server for a request that steps so many slots."""
        return self.request + slots * self.slot

    def taking(self, slots: int) -> float:
        """Seconds of the trainer for a reply of so many slots, and what it makes of it."""
        return self.message / 2 + slots * (self.environment + self.size * self.byte)


class StreamCosts(NamedTuple):
    """What a sample of a stream costs.

    Args:
        making: Seconds of a producer.
        sample: Seconds of the dispatcher, in the trainer's process, to order it and to take it.
        place: Seconds of its dispatcher for each place that is leased or ready: its book looks through them.
        update: Seconds of the training itself, in a thread that leaves Python to the dispatcher.
        size: Bytes of a sample.
    """

    making: float
    sample: float
    place: float = 0.0
    update: float = 0.0
    size: int = 0


class Site(NamedTuple):
    """Where it all runs.

    Args:
        processors: That trainer and servers share; infinity if each has its own, on a machine of its own.
        bandwidth: Of the trainer's link, in bytes/s; infinity where there is none.
    """

    processors: float = math.inf
    bandwidth: float = math.inf


class Reached(NamedTuple):
    """What a simulation came to.

    Args:
        rate: Steps of single environments, or samples, per second.
        trainer: The share of time in which the trainer is busy; of a stream, its dispatcher or the training.
        link: The share of time in which its link is.
        servers: The mean share of time in which a server is.
    """

    rate: float
    trainer: float
    link: float
    servers: float

    @property
    def busiest(self) -> str:
        """What there is least of."""
        shares = {"trainer": self.trainer, "network": self.link, "servers": self.servers}
        return max(shares, key=lambda name: shares[name])
