"""The task of the room."""

from __future__ import annotations

from blendgym.task import Task


class Unscored(Task):
    """Nobody knows what it is worth."""
