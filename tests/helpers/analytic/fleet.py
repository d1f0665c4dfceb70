"""Four ships and buoys of two categories, by their names and by a custom property."""

from __future__ import annotations

import bpy

from analytic import making
from analytic.known import Place


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    making.physics(scene)
    making.camera(scene, "Bridge", Place((0.0, -8.0, 0.0), (90.0, 0.0, 0.0)), sensor_fit="HORIZONTAL", lens=36.0)
    hull = making.block("Hull", (1.0, 1.0, 1.0))
    for column, name in enumerate(("Boat", "Boat.001", "Tanker", "Buoy")):
        making.put(scene, name, hull, Place((1.5 * column - 2.25, 0.0, 0.0)))
    scene.objects["Tanker"]["category"] = "Boat"
