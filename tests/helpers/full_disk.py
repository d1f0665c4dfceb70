"""A disk that is full."""

from __future__ import annotations

import resource
from contextlib import contextmanager


@contextmanager
def files_up_to(size):
    """Files cannot grow beyond some bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
