"""A pole on a motor on a stand. Units: m, kg. The pole swings in the xz plane, the camera looks along +y."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings

POLE_SIZE = (0.08, 0.05, 1.0)
DIAL_RADIUS = 0.40
GROUND = -1.6  # below the hinge, which is the origin


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene, solver_iterations=4)
    stand, pole = _stand(scene), _pole(scene)
    bodies.add(scene, stand, "BOX", groups=())
    bodies.add(scene, pole, "BOX", mass=1.0, groups=())
    # The hinge turns about its z axis, which points along +y: rotation about that leans an upright pole towards +x.
    constraints.hinge(scene, "Hinge", (stand, pole), rotation=(-math.pi / 2, 0.0, 0.0))
    constraints.motor(scene, "Drive", (stand, pole), rotation=(0.0, 0.0, math.pi / 2), linear=False, angular=True)
    surroundings.open_country(scene, height=GROUND)
    cameras.perspective(scene, "Camera", (0.0, -5.8, 0.7), target=(0.0, 0.0, -0.05), field_of_view=math.radians(40))


def _stand(scene: bpy.types.Scene) -> bpy.types.Object:
    steel = materials.plain("Steel", (0.16, 0.19, 0.24), roughness=0.4)
    dial = materials.plain("Dial", (0.06, 0.22, 0.45), roughness=0.4)
    mark = materials.plain("Mark", (0.80, 0.82, 0.85), roughness=0.3)
    top = materials.plain("Top", (0.75, 0.16, 0.10))
    builder = meshes.MeshBuilder().box((0.16, 0.12, -GROUND), (0.0, 0.30, GROUND / 2), steel)
    builder.box((1.1, 0.8, 0.06), (0.0, 0.30, GROUND + 0.03), steel)
    builder.cylinder(0.20, 0.40, (0.0, 0.34, 0.0), steel, axis="y")
    builder.cylinder(DIAL_RADIUS, 0.06, (0.0, 0.11, 0.0), dial, axis="y")
    builder.cylinder(0.05, 0.18, (0.0, 0.03, 0.0), mark, axis="y")
    for hour in range(12):
        angle = hour * math.tau / 12
        at = 0.86 * DIAL_RADIUS * math.sin(angle), 0.075, 0.86 * DIAL_RADIUS * math.cos(angle)
        builder.cylinder(0.03 if hour == 0 else 0.014, 0.02, at, top if hour == 0 else mark, axis="y")
    return builder.build(scene, "Stand")


def _pole(scene: bpy.types.Scene) -> bpy.types.Object:
    wood = materials.plain("Pole", (0.90, 0.34, 0.04), roughness=0.5)
    return meshes.MeshBuilder().box(POLE_SIZE, (0.0, 0.0, 0.0), wood).build(scene, "Pole", (0.0, 0.0, POLE_SIZE[2] / 2))
