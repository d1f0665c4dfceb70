"""What becomes of memory that tensors have given back."""

from __future__ import annotations

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Numbers of parameters of ``mallopt`` in glibc's ``malloc.h``."""

KEPT_BYTES = 2**30


def keep_freed_memory() -> None:
    """Makes glibc's allocator keep up to 1 GiB of freed memory for what comes next; with others nothing changes.

    By itself it gives back to the kernel what is freed above some ten megabytes, so that the tensors of each update
    are made of new pages, all of which the kernel clears first: a third of the time of learning from images. See
    ``mallopt(3)``.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(MMAP_THRESHOLD, KEPT_BYTES)
    mallopt(TRIM_THRESHOLD, KEPT_BYTES)
