"""Balancing a pole on a cart."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(
    __name__,
    id="BlendCartpole-v0",
    task="Cartpole",
    max_episode_steps=500,
    reward_threshold=475.0,
    variants={"BlendCartpoleDiscrete-v0": {"action_type": "discrete"}},
)
