"""Balls and boxes: a still life, and a row of things that hide each other."""

from __future__ import annotations

import bpy

from analytic import making
from analytic.known import EYE, EYE_FAR, FRONT, SOLIDS, Ball


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    making.physics(scene)
    making.camera(scene, "Eye", EYE, sensor_fit="HORIZONTAL", lens=35.0, clip_end=EYE_FAR)
    making.camera(scene, "Front", FRONT, sensor_fit="HORIZONTAL", lens=36.0, clip_end=50.0)
    for name, solid in SOLIDS.items():
        mesh = making.sphere(name, solid.radius) if isinstance(solid, Ball) else making.block(name, solid.size)
        making.put(scene, name, mesh, solid.place)
