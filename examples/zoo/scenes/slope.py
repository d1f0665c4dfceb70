"""A block on a slope that goes down towards +x. Friction is the product of two coefficients."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, materials, meshes, surroundings

ANGLE = math.radians(15.0)
SIZE = (0.3, 0.3, 0.1)
LENGTH = 30.0


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the slope's surface goes through the origin."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-5.0)
    grey, red = materials.plain("Grey", (0.4, 0.4, 0.4)), materials.plain("Red", (0.75, 0.16, 0.10))
    under, over = -0.5, SIZE[2] / 2.0
    slope = meshes.box(scene, "Slope", (LENGTH, 2.0, 1.0), grey, location=along(0.0, under), rotation=(0.0, ANGLE, 0.0))
    block = meshes.box(scene, "Body", SIZE, red, location=along(0.0, over), rotation=(0.0, ANGLE, 0.0))
    bodies.add(scene, slope, "BOX", friction=1.0)
    bodies.add(scene, block, "BOX", mass=2.0, friction=0.3)
    cameras.perspective(scene, "Camera", (2.0, -9.0, 1.0), target=(2.0, 0.0, -0.5), field_of_view=0.9)


def along(down: float, above: float) -> tuple[float, float, float]:
    """A point at a distance down the slope and at a height across it."""
    return down * math.cos(ANGLE) + above * math.sin(ANGLE), 0.0, above * math.cos(ANGLE) - down * math.sin(ANGLE)
