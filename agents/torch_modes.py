"""How torch is to work while somebody learns or plays, whatever the caller has set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from blendgym.agents.freed_memory import keep_freed_memory


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread, which is fastest for small networks and single observations."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def learning() -> Iterator[None]:
    """Gradients even where the caller has switched them off, one thread, and memory that is freed is kept."""
    keep_freed_memory()
    with one_thread(), torch.inference_mode(False), torch.enable_grad():
        yield
