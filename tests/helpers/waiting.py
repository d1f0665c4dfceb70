"""What comes true in another process, and takes it a while."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 60.0


def wait_for(holds: Callable[[], object]) -> None:
    """Returns once something holds.

    Raises:
        AssertionError: If it does not for a minute.
    """
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "It did not come true in time."
        time.sleep(0.02)
