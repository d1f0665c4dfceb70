"""Names for files, whatever people call things."""

from __future__ import annotations

import re
import zlib

SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,38}")
"""Without dots, since WebDataset takes what follows one for a suffix, and short enough for archives."""


def safe_name(name: str) -> str:
    """A name for files: the same one if it is safe, otherwise one that is, and is different for different names."""
    if SAFE.fullmatch(name):
        return name
    resembling = re.sub(r"[^A-Za-z0-9_]", "_", name)[:30]
    return f"{resembling}-{zlib.crc32(name.encode()):08x}"
