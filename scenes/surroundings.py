"""What lies around a mechanism in every scene of the suite: ground, sun and sky."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import parts


def surroundings(scene: bpy.types.Scene, ground: float) -> None:
    """Adds ground at a height (m), sun and sky."""
    earth = parts.material("Ground", (0.36, 0.31, 0.19), roughness=0.9)
    parts.MeshBuilder().box((60.0, 40.0, 0.1), (0.0, 12.0, ground - 0.05), earth).build(scene, "Ground")
    parts.sun(scene, "Sun", rotation=(math.radians(38), math.radians(-28), 0.0), strength=2.6, colour=(1.0, 0.92, 0.80))
    parts.sky(scene, colour=(0.42, 0.60, 0.80))
