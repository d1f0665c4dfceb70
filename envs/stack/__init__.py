"""Stacking boxes that are heavier on one side."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(__name__, id="BlendStack-v0", task="Stack", max_episode_steps=12, reward_threshold=1.8)
