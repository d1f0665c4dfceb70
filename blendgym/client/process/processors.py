"""How servers that work side by side share the processors."""

from __future__ import annotations

import os

from blendgym.processes import usable_processors


def leaves_processors(count: int) -> bool:
    """Whether so many servers leave a processor to the trainer."""
    return count < usable_processors()


def share_of_processors(number: int, count: int) -> list[int]:
    """The processors of one server among several; empty if it may use all.

    Left alone, Linux wakes every server on the processor of whoever sends it a request, and servers that could work
    side by side queue up behind each other there.

    Args:
        number: Of the server, from 0.
        count: How many servers work at the same time.
    """
    if count < 2 or not hasattr(os, "sched_getaffinity"):
        return []
    processors = sorted(os.sched_getaffinity(0))
    each = len(processors) // count
    if each == 0:
        return [processors[number % len(processors)]]
    return processors[number * each : (number + 1) * each]
