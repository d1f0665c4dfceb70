"""Saving what is open as a ``.blend``."""

from __future__ import annotations

from pathlib import Path

import bpy

from blendgym.errors import SavingFailed

LAST_BLOCK, LONGEST_HEADER = b"ENDB", 32
"""The last block of a file, and the bytes of its header; in 4.5 they are 24."""

ADVICE = "Is the disk full, or a limit of your shell or of a quota in the way?"

SEEK_TABLE = b"\xb1\xea\x92\x8f"
"""The last bytes of a file that is compressed: those of a seekable zstd file."""


def save_blend(file: Path, **options: bool) -> None:
    """Saves what is open, whole or not at all.

    Args:
        file: Where to.
        options: Those of ``bpy.ops.wm.save_as_mainfile``.

    Raises:
        SavingFailed: If it cannot be written.
    """
    try:
        bpy.ops.wm.save_as_mainfile(filepath=str(file), **options)
    except RuntimeError as error:
        raise SavingFailed(f"The scene cannot be saved as {file}: {str(error).strip()}. {ADVICE}") from None
    if not _is_whole(file):  # Blender 4.5 calls it saved when the disk is full.
        size = file.stat().st_size
        file.unlink()
        raise SavingFailed(f"The scene cannot be saved as {file}: only {size:,} bytes could be written. {ADVICE}")


def _is_whole(file: Path) -> bool:
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - LONGEST_HEADER))
        end = opened.read()
    return end.endswith(SEEK_TABLE) or LAST_BLOCK in end
