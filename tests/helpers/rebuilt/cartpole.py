"""The cart-pole with other dynamics, in another light, seen from elsewhere."""

from __future__ import annotations

import math

import bpy
from mathutils import Vector

from blendgym.envs.cartpole import scene as cartpole
from blendgym.envs.cartpole.parameters import CAMERA_TARGET
from blendgym.scenes import cameras
from rebuilt.values import CARTPOLE, LOOK, finish


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    cartpole.POLE_SIZE = (*cartpole.POLE_SIZE[:2], CARTPOLE["pole.length"])
    cartpole.build(scene)
    finish(scene, CARTPOLE)
    _light(scene)
    bpy.data.objects.remove(scene.objects["Camera"])
    place = (0.0, -LOOK["camera.distance"], LOOK["camera.height"])
    cameras.perspective(scene, "Camera", place, CAMERA_TARGET, LOOK["camera.field_of_view"])


def _light(scene: bpy.types.Scene) -> None:
    sun, elevation, azimuth = scene.objects["Sun"], LOOK["sun.elevation"], LOOK["sun.azimuth"]
    sun.data.energy = LOOK["sun.strength"]
    across = math.cos(elevation)
    source = Vector((across * math.cos(azimuth), across * math.sin(azimuth), math.sin(elevation)))
    sun.rotation_euler = source.to_track_quat("Z", "Y").to_euler()  # A sun shines along its -z axis.
    scene.world.node_tree.nodes["Background"].inputs["Strength"].default_value = LOOK["sky.strength"]
