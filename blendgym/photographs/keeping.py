"""Renders that are made once, kept in a file, and shared by all that learn from the same stream."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from blendgym.photographs.study import Arrays
from blendgym.studies.files import read_arrays, write_arrays


def kept_arrays(folder: Path, randomize: tuple[str, ...], seed: int, render: Callable[[], Arrays]) -> Arrays:
    """Reads what is kept of a stream, or makes it and keeps it.

    Args:
        folder: For a file of each stream. It belongs to one study, which has one number of renders for each.
        randomize: Groups of parameters that are drawn.
        seed: Of the stream.
        render: Makes it.
    """
    file = folder / f"{'-'.join(randomize)}-seed{seed}.npz"
    if not file.exists():
        write_arrays(file, **render())
    return read_arrays(file)
