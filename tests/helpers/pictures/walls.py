"""A wall in front of a camera, of a material that is still to be made."""

from __future__ import annotations

import bpy
from analytic.known import Place
from analytic.making import block, camera, physics, put


def wall(scene: bpy.types.Scene) -> bpy.types.Material:
    """Builds it; the material has a Principled BSDF."""
    physics(scene)
    material = bpy.data.materials.new("Wall")
    material.use_nodes = True
    put(scene, "Wall", block("Wall", (4.0, 0.1, 4.0)), Place((0.0, 3.0, 0.0))).data.materials.append(material)
    sun = bpy.data.lights.new("Sun", "SUN")
    put(scene, "Sun", sun, Place((0.0, 0.0, 5.0), (60.0, 0.0, 0.0)))
    camera(scene, "Camera", Place((0.0, 0.0, 0.0), (90.0, 0.0, 0.0)))
    return material
