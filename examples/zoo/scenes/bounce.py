"""A ball above the ground. What is left of its speed after an impact is the product of two restitutions."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, materials, meshes, surroundings

RADIUS = 0.1


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    bodies.add(scene, surroundings.open_country(scene, height=0.0), "MESH", restitution=1.0)
    red = materials.plain("Red", (0.75, 0.16, 0.10))
    ball = meshes.sphere(scene, "Body", RADIUS, red, location=(0.0, 0.0, 1.0))
    bodies.add(scene, ball, "SPHERE", mass=1.0, restitution=0.8)
    cameras.perspective(scene, "Camera", (0.0, -4.0, 0.8), target=(0.0, 0.0, 0.5), field_of_view=0.7)
