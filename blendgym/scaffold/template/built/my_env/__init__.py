"""Pushing a puck to the middle of a rail."""

from blendgym.registry import Room, register_room

ROOM = register_room(Room(__name__, id="MyEnv-v0", task="MyEnv", max_episode_steps=100, reward_threshold=-12.0))
