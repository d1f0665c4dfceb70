"""The cart-pole on a trestle, with its pole in front of the cart so that it can hang. Units: m, kg."""

from __future__ import annotations

import math

import bpy

from blendgym.envs.cartpole import scene as cartpole
from blendgym.scenes import cameras, surroundings

GROUND = -2.2
POLE_OFFSET = -0.22  # in front of cart, track and stops


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    cartpole.mechanism(scene, hinge=(0.0, POLE_OFFSET, 0.0), axle_length=0.5, post_height=-0.225 - GROUND)
    surroundings.open_country(scene, height=GROUND)
    cameras.perspective(scene, "Camera", (0.0, -8.2, 0.9), target=(0.0, 0.0, -0.1), field_of_view=math.radians(40))
