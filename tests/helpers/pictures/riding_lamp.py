"""A matt floor under a lamp that rides on a falling body."""

from __future__ import annotations

import bpy
from analytic.known import Place
from analytic.making import block, camera, put

from blendgym.scenes import bodies
from pictures.shadows import matt


def build(scene: bpy.types.Scene) -> None:
    """Builds it."""
    bodies.world(scene)
    put(scene, "Floor", block("Floor", (8.0, 8.0, 0.1)), Place((0.0, 0.0, 0.0))).data.materials.append(matt())
    carrier = put(scene, "Carrier", block("Carrier", (0.1, 0.1, 0.1)), Place((9.0, 0.0, 4.0)))
    bodies.add(scene, carrier, "BOX", mass=1.0)
    lamp = bpy.data.lights.new("Lamp", "POINT")
    lamp.energy, lamp.shadow_soft_size = 100.0, 0.0
    put(scene, "Lamp", lamp, Place((-9.0, 0.0, -1.0))).parent = carrier
    camera(scene, "Eye", Place((0.0, 0.0, 5.0)))
