"""Reaching for a target with an arm of two links."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(
    __name__,
    id="BlendReacher-v0",
    task="Reacher",
    max_episode_steps=100,
    reward_threshold=-7.0,
    variants={"BlendReacherVision-v0": {"obs_type": "state_rgb", "tells_target": False}},
)
