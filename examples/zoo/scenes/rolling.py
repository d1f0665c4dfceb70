"""A ball and a drum on a slope that goes down towards +x."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, materials, meshes, surroundings

ANGLE = math.radians(10.0)
RADIUS = 0.2


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the slope's surface goes through the origin."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-5.0)
    grey, red = materials.plain("Grey", (0.4, 0.4, 0.4)), materials.plain("Red", (0.75, 0.16, 0.10))
    across = math.sin(ANGLE), math.cos(ANGLE)
    slope = meshes.box(
        scene, "Slope", (40.0, 4.0, 1.0), grey,
        location=(-0.5 * across[0], 0.0, -0.5 * across[1]), rotation=(0.0, ANGLE, 0.0),
    )  # fmt: skip
    x, z = RADIUS * across[0], RADIUS * across[1]
    ball = meshes.sphere(scene, "Ball", RADIUS, red, location=(x, -0.8, z))
    drum = meshes.cylinder(scene, "Drum", RADIUS, 0.5, red, location=(x, 0.8, z), rotation=(math.pi / 2, 0.0, 0.0))
    bodies.add(scene, slope, "BOX", friction=1.0)
    bodies.add(scene, ball, "SPHERE", mass=1.0, friction=1.0)
    bodies.add(scene, drum, "CYLINDER", mass=1.0, friction=1.0)
    cameras.perspective(scene, "Camera", (2.0, -9.0, 1.0), target=(2.0, 0.0, -0.5), field_of_view=0.9)
