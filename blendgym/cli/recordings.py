"""Recordings as commands read them."""

from __future__ import annotations

import warnings
from pathlib import Path

from blendgym.data.recording import Replay


def opened(run: Path) -> Replay:
    """A recording without the warning of what it has lost: a command says ``loss`` itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Replay(run)
