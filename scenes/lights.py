"""Lights of scenes."""

from __future__ import annotations

import bpy

from blendgym.scenes.materials import Colour
from blendgym.scenes.places import ORIGIN, Triple, put

WHITE: Colour = (1.0, 1.0, 1.0)


def sun(
    scene: bpy.types.Scene, name: str, rotation: Triple, strength: float, colour: Colour = WHITE
) -> bpy.types.Object:
    """Adds sunlight with sharp shadows.

    Args:
        scene: Where to add it.
        name: Of the light.
        rotation: XYZ Euler angles in rad; without rotation it shines straight down.
        strength: Irradiance, in W/m².
        colour: Linear RGB, which multiplies the strength.
    """
    light = bpy.data.lights.new(name, "SUN")
    light.energy, light.angle, light.color = strength, 0.0, colour
    return put(scene, bpy.data.objects.new(name, light), ORIGIN, rotation)
