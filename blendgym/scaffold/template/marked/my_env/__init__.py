"""A marked scene."""

from blendgym.registry import Room, register_room

ROOM = register_room(Room(__name__, id="MyEnv-v0", task="MyEnv", max_episode_steps=200))
