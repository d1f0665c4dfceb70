"""Balancing a ball on a plate."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(__name__, id="BlendBallPlate-v0", task="BallPlate", max_episode_steps=250, reward_threshold=180.0)
