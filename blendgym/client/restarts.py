"""How often servers that failed may be replaced."""

from __future__ import annotations

import time
from collections import deque

from blendgym.errors import BlendgymError, RestartLimitReached

MINUTE = 60.0


class RestartLimit:
    """Counts the servers that failed, so that one which fails at once is not launched forever.

    Args:
        per_minute: How many may fail within a minute.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._failures: deque[tuple[float, BlendgymError]] = deque()

    def count(self, failure: BlendgymError) -> None:
        """Takes note of a failure.

        Raises:
            RestartLimitReached: If it is one too many; with the first, from which the others may have followed.
        """
        now = time.monotonic()
        self._failures.append((now, failure))
        while now - self._failures[0][0] > MINUTE:
            self._failures.popleft()
        if len(self._failures) > self._per_minute:
            first = self._failures[0][1]
            raise RestartLimitReached(
                f"Blender failed {len(self._failures)} times within a minute, more often than max_restarts="
                f"{self._per_minute} allows. The first failure was {type(first).__name__}: {first}",
                failures=len(self._failures),
            ) from first
