"""The sources of a study, as its declaration knows them."""

from __future__ import annotations

import hashlib
from pathlib import Path

SHOWING = ("__init__.py", "figures.py", "heat_maps.py")
"""Files of a study that show results, and change none."""

SHARED = ("streams.py", "renders.py", "learner.py", "lessons.py", "tiles.py", "noise.py", "grey.py")
"""Files of all studies that make images and networks."""


def sources_checksum(folder: Path, *further: Path) -> str:
    """SHA-256 of the sources of a study that images, networks and exams depend on; not of the rest of blendgym.

    Args:
        folder: With its sources.
        further: Other files.
    """
    own = [file for file in sorted(folder.glob("*.py")) if file.name not in SHOWING]
    files = (*own, *(Path(__file__).with_name(name) for name in SHARED), *further)
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
