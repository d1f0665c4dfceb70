"""Looking for the best view into a bin of objects that hide each other."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(
    __name__,
    id="BlendNextView-v0",
    task="NextView",
    max_episode_steps=5,
    reward_threshold=0.8,
    arguments={"obs_type": "rgb", "width": 84, "height": 84},
)
