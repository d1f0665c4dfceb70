"""A tray, and what is poured into it: boxes, balls and cylinders. Units: m, kg."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, lights, materials, meshes, surroundings

TRAY = 1.6
"""Inner width, in m."""


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    grey = materials.plain("Tray", (0.35, 0.36, 0.40))
    bodies.add(scene, meshes.box(scene, "Floor", (TRAY, TRAY, 0.2), grey, location=(0.0, 0.0, -0.1)), "BOX")
    for number, (x, y) in enumerate(((1, 0), (-1, 0), (0, 1), (0, -1))):
        size = (0.2 if x else TRAY + 0.4, 0.2 if y else TRAY + 0.4, 1.2)
        place = (x * (TRAY / 2 + 0.1), y * (TRAY / 2 + 0.1), 0.4)
        bodies.add(scene, meshes.box(scene, f"Wall.{number}", size, grey, location=place), "BOX")
    box = meshes.box(scene, "Box", (0.14, 0.12, 0.10), materials.plain("Red", (0.7, 0.12, 0.08)))
    bodies.add(scene, box, "BOX", mass=0.2)
    ball = meshes.sphere(scene, "Ball", 0.06, materials.plain("Blue", (0.08, 0.2, 0.6)))
    bodies.add(scene, ball, "SPHERE", mass=0.15)
    rod = meshes.cylinder(scene, "Rod", 0.05, 0.16, materials.plain("Yellow", (0.75, 0.55, 0.08)))
    bodies.add(scene, rod, "CYLINDER", mass=0.15)
    cameras.perspective(scene, "Camera", (0.0, -1.7, 3.3), target=(0.0, 0.0, 0.1), field_of_view=0.75)
    lights.sun(scene, "Sun", rotation=(0.5, 0.3, 0.0), strength=3.0)
    surroundings.sky(scene, colour=(0.6, 0.65, 0.7))
