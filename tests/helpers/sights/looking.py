"""A tile behind a wall that ends in the middle, a ball that falls, and two cameras, one of them on the ball."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, materials, meshes
from sights import making
from sights.geometry import BALL, DISTANCE, FIELD_OF_VIEW, TILE, WALL


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    making.light_and_camera(scene)
    bpy.data.objects.remove(scene.objects["Camera"])
    grey, red, blue = (materials.plain(name, colour) for name, colour in COLOURS.items())
    meshes.box(scene, "Wall", (8.0, 0.02, 8.0), grey, location=(-4.0, -WALL, 0.0))
    meshes.box(scene, "Tile", (TILE, 0.02, TILE), red)
    ball = meshes.sphere(scene, "Ball", 0.2, blue, location=BALL)
    bodies.add(scene, ball, "SPHERE", mass=1.0)
    cameras.perspective(scene, "Camera", (0.0, -DISTANCE, 0.0), (0.0, 0.0, 0.0), FIELD_OF_VIEW)
    carried = cameras.perspective(scene, "Carried", (0.0, -DISTANCE, 0.0), (0.0, 0.0, 0.0), FIELD_OF_VIEW)
    carried.parent = ball


COLOURS = {"Wall": (0.5, 0.5, 0.5), "Tile": (0.8, 0.1, 0.1), "Ball": (0.1, 0.1, 0.8)}
