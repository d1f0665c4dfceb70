"""A ball on a plate that turns about its centre. Units: m, kg. The camera looks along +y, from above.

As built, the plate is level, its surface at z = 0, and the ball lies in its middle.
"""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, materials, meshes, surroundings

SIZE = 1.0
THICKNESS = 0.04
BALL_RADIUS = 0.06
GROUND = -0.9


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    stand, plate, mark, ball = _stand(scene), _plate(scene), _mark(scene), _ball(scene)
    bodies.add(scene, stand, "BOX", groups=())
    bodies.add(scene, plate, "BOX", friction=1.0, kinematic=True)
    bodies.add(scene, mark, "CYLINDER", groups=(), kinematic=True)
    bodies.add(scene, ball, "SPHERE", mass=0.5, friction=0.1)
    surroundings.open_country(scene, height=GROUND)
    cameras.perspective(scene, "Camera", (0.0, -1.6, 1.7), target=(0.0, -0.03, -0.05), field_of_view=math.radians(42))


def _stand(scene: bpy.types.Scene) -> bpy.types.Object:
    steel = materials.plain("Steel", (0.16, 0.19, 0.24), roughness=0.4)
    top = -0.08
    builder = meshes.MeshBuilder().cylinder(0.06, top - GROUND, (0.0, 0.0, (top + GROUND) / 2), steel)
    builder.sphere(0.07, (0.0, 0.0, top), steel)
    builder.cylinder(0.35, 0.03, (0.0, 0.0, GROUND + 0.015), steel)
    return builder.build(scene, "Stand")


def _plate(scene: bpy.types.Scene) -> bpy.types.Object:
    """Its origin is in the middle of its thickness; it turns about the middle of its surface."""
    blue = materials.plain("Plate", (0.06, 0.22, 0.45), roughness=0.4)
    return meshes.box(scene, "Plate", (SIZE, SIZE, THICKNESS), blue, location=(0.0, 0.0, -THICKNESS / 2))


def _mark(scene: bpy.types.Scene) -> bpy.types.Object:
    red, white = materials.plain("Target", (0.75, 0.16, 0.10)), materials.plain("Ring", (0.85, 0.86, 0.88))
    builder = meshes.MeshBuilder().cylinder(0.10, 0.004, (0.0, 0.0, 0.0), red)
    builder.cylinder(0.07, 0.004, (0.0, 0.0, 0.001), white).cylinder(0.035, 0.004, (0.0, 0.0, 0.002), red)
    return builder.build(scene, "Target")


def _ball(scene: bpy.types.Scene) -> bpy.types.Object:
    return meshes.sphere(
        scene, "Ball", BALL_RADIUS, materials.plain("Ball", (0.90, 0.34, 0.04), roughness=0.5),
        location=(0.0, 0.0, BALL_RADIUS),
    )  # fmt: skip
