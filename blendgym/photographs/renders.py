"""Arrays that are made of renders: made once, kept in a file, and shared by all that learn from them."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from blendgym.errors import InvalidStudy
from blendgym.photographs.study import Arrays
from blendgym.studies.files import read_arrays, write_arrays


def kept(folder: Path, randomize: tuple[str, ...], seed: int, make: Callable[[], Arrays]) -> Arrays:
    """Reads arrays that are kept in a folder, or makes them and keeps them there; those that are damaged, anew.

    Args:
        folder: For a file of each stream. It belongs to one study, which has one number of renders for each.
        randomize: Groups of parameters that are drawn.
        seed: Of the stream.
        make: Renders, and makes them.
    """
    file = folder / f"{'-'.join(randomize)}-seed{seed}.npz"
    with _alone(file):
        if file.exists():
            with suppress(InvalidStudy):
                return read_arrays(file)
        write_arrays(file, **make())
    return read_arrays(file)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Whoever wants the same file waits until it is there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
