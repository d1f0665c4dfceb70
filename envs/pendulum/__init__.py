"""Swinging up a pendulum with a weak motor."""

from __future__ import annotations

from blendgym.registry import Room

ROOM = Room(__name__, id="BlendPendulum-v0", task="Pendulum", max_episode_steps=200, reward_threshold=-500.0)
