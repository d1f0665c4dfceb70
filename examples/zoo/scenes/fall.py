"""A box in the air."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, materials, meshes, surroundings

SIZE = (0.4, 0.3, 0.2)


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-5.0)
    red = materials.plain("Red", (0.75, 0.16, 0.10))
    bodies.add(scene, meshes.box(scene, "Body", SIZE, red, location=(0.0, 0.0, 2.0)), "BOX", mass=1.0)
    cameras.perspective(scene, "Camera", (0.0, -8.0, 2.0), target=(0.0, 0.0, 2.0), field_of_view=0.9)
