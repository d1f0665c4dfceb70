"""A room whose task does not say what returns are worth."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(__name__, id="Unscored-v0", task="Unscored", max_episode_steps=20)
