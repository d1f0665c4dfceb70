"""How often servers that failed may be replaced."""

from __future__ import annotations

import math
import time
from collections import deque

from blendgym.errors import BlendgymError, RestartLimitReached

MINUTE = 60.0


class RestartLimit:
    """Counts the servers that failed, so that one which always fails is not launched forever.

    Failures are forgotten after a minute, but not before an episode has begun: some take longer than a minute each.

    Args:
        most: How many may be remembered.
        memory: Seconds after which they are forgotten; ``None`` for a minute.
    """

    def __init__(self, most: int, memory: float | None = None) -> None:
        self._most, self._memory = most, MINUTE if memory is None else memory
        self._failures: deque[tuple[float, BlendgymError]] = deque()
        self._last_beginning = -math.inf

    def note_beginning(self) -> None:
        """Takes note that episodes have begun: there is a server that works."""
        self._last_beginning = time.monotonic()

    def count(self, failure: BlendgymError) -> None:
        """Takes note of a failure.

        Raises:
            RestartLimitReached: If it is one too many; with the first, from which the others may have followed.
        """
        now = time.monotonic()
        while self._failures and self._failures[0][0] < min(now - self._memory, self._last_beginning):
            self._failures.popleft()
        self._failures.append((now, failure))
        if len(self._failures) > self._most:
            first = self._failures[0][1]
            raise RestartLimitReached(
                f"Blender failed {len(self._failures)} times within a minute, or before an episode began; "
                f"max_restarts={self._most} allows no more. The first failure was {type(first).__name__}: {first}",
                failures=len(self._failures),
            ) from first
