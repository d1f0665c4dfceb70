"""What is carried on to many servers, and what can be done where it saturates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from blendgym.benchmarks.scale.costs import Reached, Site, StreamCosts, VectorCosts
from blendgym.benchmarks.scale.streams import simulate_stream
from blendgym.benchmarks.scale.vectors import simulate_vectors

COUNTS = (10, 100, 1_000, 10_000, 100_000)
SLOTS, MANY_SLOTS = 16, 128
RANK = 10  # servers or producers of each trainer
PIXELS = 3 * 84 * 84
SPREAD = 0.3
"""Standard deviation of the logarithm of what servers that vary take."""


class Case(NamedTuple):
    """A way to use many servers.

    Args:
        panel: Of the figure: what is counted.
        name: Says what is different.
        reach: What some servers come to.
    """

    panel: str
    name: str
    reach: Callable[[int], Reached]


class Row(NamedTuple):
    """What a case comes to with some servers.

    Args:
        panel: Of the case.
        name: Of the case.
        servers: Of all trainers together.
        reached: By all trainers together; shares are those of each.
    """

    panel: str
    name: str
    servers: int
    reached: Reached


def cases(state: VectorCosts, images: VectorCosts, stream: StreamCosts, bandwidth: float) -> list[Case]:
    """All that are compared, each server on processors of its own.

    Args:
        state: Of environments that observe their state.
        images: Of environments that observe 84×84 pixels.
        stream: Of a stream of pictures.
        bandwidth: Of the link of each trainer, in bytes/s.
    """
    site = Site(bandwidth=bandwidth)

    def vectors(costs: VectorCosts, slots: int = SLOTS) -> Callable[[int], Reached]:
        return lambda servers: simulate_vectors(costs, servers, slots, site, steps=1)

    def samples(costs: StreamCosts) -> Callable[[int], Reached]:
        return lambda servers: simulate_stream(costs, servers, site)

    steps, pixels, pictures = "steps of a state", "steps with 84×84 pixels", "samples of a stream"
    return [
        Case(steps, "one trainer, 16 slots", vectors(state)),
        Case(steps, "one trainer, 128 slots", vectors(state, MANY_SLOTS)),
        Case(steps, "a trainer for each 10", ranked(vectors(state))),
        Case(steps, "the same, servers vary", ranked(vectors(state._replace(spread=SPREAD)))),
        Case(pixels, "one trainer, 16 slots", vectors(images)),
        Case(pixels, "a quarter of the bytes", vectors(images._replace(size=PIXELS // 4))),
        Case(pixels, "a trainer for each 10", ranked(vectors(images))),
        Case(pictures, "one dispatcher", samples(stream)),
        Case(pictures, "a book without a search", samples(stream._replace(place=0.0))),
        Case(pictures, "a rank for each 10", ranked(samples(stream))),
    ]


def ranked(reach: Callable[[int], Reached]) -> Callable[[int], Reached]:
    """The same with a trainer for each few servers, that have nothing to do with each other."""

    def together(servers: int) -> Reached:
        each = reach(min(RANK, servers))
        return each._replace(rate=each.rate * servers / min(RANK, servers))

    return together


def carry_on(cases: Sequence[Case], counts: Sequence[int] = COUNTS) -> list[Row]:
    """Every case with every number of servers."""
    return [Row(case.panel, case.name, servers, case.reach(servers)) for case in cases for servers in counts]
