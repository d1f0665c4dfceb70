"""Things to be copied into a room, and two cameras side by side (runs inside Blender). Units: m."""

from __future__ import annotations

import math

import bpy
import numpy as np

from blendgym.photographs.depth.prints import picture
from blendgym.photographs.depth.room import CAMERAS, FAR, PAINTS, PRINTS, WALL
from blendgym.photographs.noise import PIXELS
from blendgym.scenes import cameras, lights, materials, meshes, surroundings

SEED = 20_26
"""Of the pictures and colours that things have, which are the same in all samples."""

BELOW = (0.0, 0.0, -50.0)
"""Where templates are, out of sight."""

WALL_SIZE = 24.0
WALL_PRINT = 3.0
"""Width of a picture on a wall."""


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    rng = np.random.default_rng(SEED)
    paints = [_paint(name, rng) for name in PAINTS]
    prints = [_print(name, rng) for name in PRINTS]
    _things(scene, paints[0])
    _thin(scene, paints[0])
    _wall(scene, [*paints, *prints])
    lights.sun(scene, "Sun", rotation=(0.0, math.pi / 2 - 0.9, 2.3), strength=2.0)
    surroundings.sky(scene, colour=(1.0, 1.0, 1.0), strength=0.4)
    for name in CAMERAS:
        eye = cameras.perspective(scene, name, (0.0, 0.0, 0.0), target=(0.0, 1.0, 0.0), field_of_view=0.7)
        eye.data.clip_end = FAR


def _paint(name: str, rng: np.random.Generator) -> bpy.types.Material:
    """A material of one colour, not a vivid one."""
    red, green, blue = rng.uniform(0.03, 0.9) * rng.uniform(0.6, 1.0, 3)
    return materials.plain(name, (red, green, blue))


def _print(name: str, rng: np.random.Generator) -> bpy.types.Material:
    """A material with a picture."""
    image = bpy.data.images.new(name, PIXELS, PIXELS)
    pixels = np.ones((PIXELS, PIXELS, 4), np.float32)
    pixels[..., :3] = picture(rng)
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    made = materials.plain(name, (0.5, 0.5, 0.5))
    tree = made.node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    tree.links.new(texture.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
    return made


def _things(scene: bpy.types.Scene, paint: bpy.types.Material) -> None:
    meshes.box(scene, "Box", (1.0, 1.0, 1.0), paint, location=BELOW)
    meshes.sphere(scene, "Ball", 0.5, paint, location=BELOW)
    meshes.cylinder(scene, "Can", 0.35, 1.0, paint, location=BELOW)
    meshes.cone(scene, "Cone", 0.5, 1.0, paint, location=BELOW)
    meshes.capsule(scene, "Pill", 0.25, 1.0, paint, location=BELOW)
    meshes.MeshBuilder().boulder(0.5, (0.0, 0.0, 0.0), paint, seed=SEED).build(scene, "Rock", BELOW)
    meshes.box(scene, "Board", (1.2, 0.05, 0.8), paint, location=BELOW)


def _thin(scene: bpy.types.Scene, paint: bpy.types.Material) -> None:
    meshes.cylinder(scene, "Rod", 0.02, 1.6, paint, location=BELOW)
    rack = meshes.MeshBuilder()
    for place in np.linspace(-0.5, 0.5, 5).tolist():
        rack.box((0.03, 0.03, 1.0), (place, 0.0, 0.0), paint).box((1.0, 0.03, 0.03), (0.0, 0.0, place), paint)
    rack.build(scene, "Rack", BELOW)
    wheel = meshes.MeshBuilder()
    for angle in np.linspace(0.0, 2.0 * math.pi, 24, endpoint=False).tolist():
        rim = (0.5 * math.cos(angle), 0.0, 0.5 * math.sin(angle))
        wheel.box((0.05, 0.06, 0.14), rim, paint, rotation=(0.0, -angle, 0.0))
    for angle in np.linspace(0.0, math.pi, 7, endpoint=False).tolist():
        wheel.box((1.0, 0.012, 0.012), (0.0, 0.0, 0.0), paint, rotation=(0.0, -angle, 0.0))
    wheel.build(scene, "Wheel", BELOW)


def _wall(scene: bpy.types.Scene, surfaces: list[bpy.types.Material]) -> None:
    """A wall whose pictures are as large as posters. It has a slot for each material that copies may have."""
    wall = meshes.box(scene, WALL, (WALL_SIZE, WALL_SIZE, 0.1), surfaces[0], location=BELOW)
    for surface in surfaces[1:]:
        wall.data.materials.append(surface)
    layer = wall.data.uv_layers[0].data
    places = np.empty(2 * len(layer), np.float32)
    layer.foreach_get("uv", places)
    layer.foreach_set("uv", places / WALL_PRINT)
