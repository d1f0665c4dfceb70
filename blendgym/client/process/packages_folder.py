"""Where packages for the Pythons of Blenders lie; with the standard library alone, for they may be missing."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def packages_folder() -> Path:
    """Where this user keeps packages for the Pythons of Blenders, in a folder for each version of Python."""
    if os.name == "nt":
        data = os.environ.get("LOCALAPPDATA", "~/AppData/Local")
    elif sys.platform == "darwin":
        data = "~/Library/Application Support"
    else:
        data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "blendgym"
