"""Streams of annotated images: made by Blenders, taken by trainers, recorded, replayed, exported."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from blendgym.data.sample import Sample
from blendgym.scenario import Scenario

if TYPE_CHECKING:
    from blendgym.data.recording import Recording, Replay, recorded
    from blendgym.data.stream import Stream

__all__ = ["Recording", "Replay", "Sample", "Scenario", "Stream", "recorded"]

OF_TRAINERS = {
    "Recording": "blendgym.data.recording",
    "Replay": "blendgym.data.recording",
    "Stream": "blendgym.data.stream",
    "recorded": "blendgym.data.recording",
}
"""Modules of what is imported when it is asked for: scenarios are read in Blender, where there is no Gymnasium."""


def __getattr__(name: str) -> Any:
    if name not in OF_TRAINERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(OF_TRAINERS[name]), name)
