"""After how many steps the episodes of many environments are truncated."""

from __future__ import annotations

import sys

from blendgym.client.settings import check_positive

NO_LIMIT = sys.maxsize


def read_time_limit(given: int | None) -> int:
    """The number of steps; of ``gym.make``, ``None`` and -1 mean that there is no limit.

    Raises:
        InvalidOption: If it is not a positive integer.
    """
    if given is None or given == -1:
        return NO_LIMIT
    check_positive(max_episode_steps=given)
    return given
