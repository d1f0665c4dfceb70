"""A package of rooms as a third party has it, whose environment has contacts and so no twin."""

from __future__ import annotations

from blendgym.registry import register_rooms

register_rooms(__name__)
