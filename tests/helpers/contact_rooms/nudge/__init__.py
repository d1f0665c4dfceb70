"""Pushing a ball with a paddle."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(__name__, id="Nudge-v0", task="Nudge", max_episode_steps=20)
