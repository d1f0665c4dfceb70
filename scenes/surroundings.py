"""What is around a scene: sky, and open country."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import lights, materials, meshes
from blendgym.scenes.materials import Colour

THICKNESS = 0.1  # m
REACH = (60.0, 40.0)  # m, along x and y


def sky(scene: bpy.types.Scene, colour: Colour, strength: float = 1.0) -> None:
    """Gives the scene a background of one colour (linear RGB) that also lights it."""
    scene.world = bpy.data.worlds.new(f"{scene.name} sky")
    scene.world.color = colour
    scene.world.use_nodes = True
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (*colour, 1.0)
    background.inputs["Strength"].default_value = strength


def open_country(scene: bpy.types.Scene, height: float) -> bpy.types.Object:
    """Adds a sun, a sky, and level ground at a height (m), which is no body yet; gives back the ground."""
    lights.sun(scene, "Sun", rotation=(math.radians(38), math.radians(-28), 0.0), strength=2.6, colour=(1.0, 0.92, 0.8))
    sky(scene, colour=(0.42, 0.60, 0.80))
    earth = materials.plain("Ground", (0.36, 0.31, 0.19), roughness=0.9)
    place = (0.0, 12.0, height - THICKNESS / 2)
    return meshes.box(scene, "Ground", (*REACH, THICKNESS), earth, location=place)
