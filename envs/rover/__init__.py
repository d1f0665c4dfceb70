"""Driving with a first-person camera through obstacles to a beacon."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(
    __name__,
    id="BlendRover-v0",
    task="Rover",
    max_episode_steps=300,
    reward_threshold=15.0,
    arguments={"obs_type": "rgb", "width": 64, "height": 48},
    variants={"BlendRoverDiscrete-v0": {"action_type": "discrete"}},
)
