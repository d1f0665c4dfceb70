"""Swinging up a pole on a cart and balancing it."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(
    __name__, id="BlendCartpoleSwingup-v1", task="CartpoleSwingup", max_episode_steps=500, reward_threshold=350.0
)
