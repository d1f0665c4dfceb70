"""Streams of annotated images: made by Blenders, taken by trainers, recorded, replayed, exported."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NoReturn

from blendgym.data.sample import Sample
from blendgym.errors import EnvironmentInServer
from blendgym.scenario import Scenario

if TYPE_CHECKING:
    from blendgym.data.recording import Recording, Replay, recorded
    from blendgym.data.streams.stream import Stream

__all__ = ["Recording", "Replay", "Sample", "Scenario", "Stream", "recorded"]

OF_TRAINERS = {
    "Recording": "blendgym.data.recording",
    "Replay": "blendgym.data.recording",
    "Stream": "blendgym.data.streams.stream",
    "recorded": "blendgym.data.recording",
}
"""Modules of what is imported when it is asked for: scenarios are read in Blender, where there is no Gymnasium."""


class _OfTrainers:
    """Stands for a name of ``OF_TRAINERS`` in Blender, where the file of a scenario imports it and does not use it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise EnvironmentInServer(
            f"{self._name} is for trainers, and there is no Gymnasium here, as in Blender, which reads the files of "
            'scenarios, too. Put what uses it below if __name__ == "__main__":, or install gymnasium.'
        )


def __getattr__(name: str) -> Any:
    if name not in OF_TRAINERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if find_spec("gymnasium") is None:
        return _OfTrainers(name)
    return getattr(importlib.import_module(OF_TRAINERS[name]), name)
