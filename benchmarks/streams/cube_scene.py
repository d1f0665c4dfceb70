"""A cube above a floor, as in blendtorch's own benchmark. Units: m."""

from __future__ import annotations

import bpy

from blendgym.scenes import cameras, lights, materials, meshes, surroundings


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    meshes.box(scene, "Floor", (40.0, 40.0, 0.1), materials.plain("Grey", (0.4, 0.4, 0.42)), location=(0, 0, -1.9))
    meshes.box(scene, "Cube", (2.0, 2.0, 2.0), materials.plain("Orange", (0.75, 0.28, 0.06)))
    lights.sun(scene, "Sun", rotation=(0.6, -0.4, 0.0), strength=2.6)
    surroundings.sky(scene, colour=(0.5, 0.58, 0.68))
    cameras.perspective(scene, "Camera", (0.0, -7.0, 4.0), target=(0.0, 0.0, 0.0), field_of_view=0.7)
