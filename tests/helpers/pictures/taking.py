"""What such a script is made with: a scene, its cameras, and a file of pictures by name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from places import HELPERS

Pictures = dict[str, NDArray[Any]]


def taken_by(script: str, folder: Path) -> Pictures:
    """Runs a module of this folder in a Blender of its own.

    Args:
        script: Name of the module, which calls ``store``.
        folder: Where its pictures are stored.
    """
    file = folder / f"{script}.npz"
    environment = os.environ | {"PYTHONPATH": str(HELPERS)}
    command = [sys.executable, "-m", f"pictures.{script}", str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=110)
    assert file.exists(), done.stderr[-3000:]
    return dict(np.load(file))


def store(pictures: Pictures) -> None:
    """Ends the script; a Blender that has drawn may crash when it ends by itself."""
    np.savez(sys.argv[1], **pictures)
    os._exit(0)
