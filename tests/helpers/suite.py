"""The rooms of blendgym itself; tests register others."""

from __future__ import annotations

from blendgym.registry import suite_rooms

SUITE = suite_rooms()
SUITE_IDS = [room.id for room in SUITE]
VARIANTS = [env_id for room in SUITE for env_id in room.variants]
WITH_TWINS = [room for room in SUITE if room.twin]
