"""Swinging the tip of two links above a line with a motor between them."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(
    __name__,
    id="BlendAcrobot-v0",
    task="Acrobot",
    max_episode_steps=300,
    reward_threshold=-100.0,
    variants={"BlendAcrobotDiscrete-v0": {"action_type": "discrete"}},
)
