"""Simulated time, and what queues up in it: processors that jobs share, and lines in which each waits its turn."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable

Then = Callable[[], None]
"""What happens when a job is done."""


class Events:
    """What is still to happen, in the order of time.

    Attributes:
        now: Simulated seconds since the beginning.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._heap: list[tuple[float, int, Then]] = []
        self._numbers = itertools.count()

    def at(self, time: float, then: Then) -> None:
        """Lets something happen at a time; of what happens at once, the first that was asked for comes first."""
        heapq.heappush(self._heap, (time, next(self._numbers), then))

    def run(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Lets everything happen until nothing is left, or it is over."""
        while self._heap and not is_over():
            self.now, _, then = heapq.heappop(self._heap)
            then()


class Processors:
    """Processors that all jobs share alike: of n jobs on c processors, each goes at min(1, c/n) of its speed.

    Args:
        events: Whose time it is.
        count: How many there are; infinity if each job has its own.

    Attributes:
        busy: Seconds of work that were asked for.
    """

    def __init__(self, events: Events, count: float = math.inf) -> None:
        self._events, self._count = events, count
        # Of each job: how much every job must have been given since the beginning until this one is done.
        self._jobs: list[tuple[float, int, Then]] = []
        self._numbers = itertools.count()
        self._given = self._since = 0.0
        self._planned = 0
        self.busy = 0.0

    def work(self, seconds: float, then: Then) -> None:
        """Begins a job."""
        self.busy += seconds
        if math.isinf(self._count):
            self._events.at(self._events.now + seconds, then)
            return
        self._pass_time()
        heapq.heappush(self._jobs, (self._given + seconds, next(self._numbers), then))
        self._plan()

    @property
    def _speed(self) -> float:
        return min(1.0, self._count / len(self._jobs)) if self._jobs else 1.0

    def _pass_time(self) -> None:
        self._given += (self._events.now - self._since) * self._speed
        self._since = self._events.now

    def _plan(self) -> None:
        self._planned += 1
        if self._jobs:
            left = max(0.0, self._jobs[0][0] - self._given)
            plan = self._planned
            self._events.at(self._events.now + left / self._speed, lambda: self._finish(plan))

    def _finish(self, plan: int) -> None:
        if plan != self._planned:
            return  # Others have come or gone since.
        self._pass_time()
        self._given, _, then = heapq.heappop(self._jobs)
        self._plan()
        then()


class Line:
    """Jobs that are done one after the other: those of a thread, or messages on a link.

    Args:
        processors: What it needs one of for each job.

    Attributes:
        busy: Seconds of work that were asked for.
    """

    def __init__(self, processors: Processors) -> None:
        self._processors = processors
        self._waiting: deque[tuple[float, Then]] = deque()
        self._is_at_work = False
        self.busy = 0.0

    def work(self, seconds: float, then: Then) -> None:
        """Puts a job at the end of the line."""
        self.busy += seconds
        self._waiting.append((seconds, then))
        if not self._is_at_work:
            self._go_on()

    def _go_on(self) -> None:
        self._is_at_work = bool(self._waiting)
        if self._waiting:
            seconds, then = self._waiting.popleft()
            self._processors.work(seconds, lambda: self._done(then))

    def _done(self, then: Then) -> None:
        then()
        self._go_on()
