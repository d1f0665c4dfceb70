"""Pushing a T-shaped block to where it belongs."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(__name__, id="BlendPushT-v0", task="PushT", max_episode_steps=300, reward_threshold=8.0)
