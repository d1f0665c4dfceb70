"""An arm of two links on a table, above a target. Units: m, kg.

The arm turns in the xy plane, its shoulder at x = y = 0. As built, both links point along +x.
"""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings

UPPER_ARM = 0.3  # from shoulder to elbow
FOREARM = 0.25  # from elbow to fingertip
UPPER_ARM_HEIGHT, FOREARM_HEIGHT = 0.09, 0.13
ELBOW_LIMIT = 2.6  # rad
TABLE_RADIUS = 0.62
TABLE_HEIGHT = 0.5
TARGET_RADIUS = 0.05


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the top of the table is at z = 0."""
    bodies.world(scene, solver_iterations=20)
    stand, target = _table(scene), _target(scene)
    upper_arm, forearm = _upper_arm(scene), _forearm(scene)
    bodies.add(scene, stand, "BOX", groups=())
    bodies.add(scene, target, "CYLINDER", groups=())
    bodies.add(scene, upper_arm, "BOX", mass=1.0, groups=())
    bodies.add(scene, forearm, "BOX", mass=0.5, groups=())
    constraints.hinge(scene, "Shoulder", (stand, upper_arm), location=(0.0, 0.0, UPPER_ARM_HEIGHT))
    constraints.hinge(
        scene, "Elbow", (upper_arm, forearm), location=(UPPER_ARM, 0.0, FOREARM_HEIGHT),
        limits=(-ELBOW_LIMIT, ELBOW_LIMIT),
    )  # fmt: skip
    surroundings.open_country(scene, height=-TABLE_HEIGHT)
    cameras.perspective(scene, "Camera", (0.0, -0.79, 1.3), target=(0.0, -0.04, 0.0), field_of_view=math.radians(57))


def _table(scene: bpy.types.Scene) -> bpy.types.Object:
    top = materials.plain("Table", (0.45, 0.37, 0.27))
    steel = materials.plain("Steel", (0.16, 0.19, 0.24), roughness=0.4)
    builder = meshes.MeshBuilder().cylinder(TABLE_RADIUS, 0.04, (0.0, 0.0, -0.02), top)
    builder.cylinder(0.06, TABLE_HEIGHT - 0.04, (0.0, 0.0, -TABLE_HEIGHT / 2 - 0.02), steel)
    builder.cylinder(0.30, 0.02, (0.0, 0.0, 0.01 - TABLE_HEIGHT), steel)
    builder.cylinder(0.07, 0.015, (0.0, 0.0, 0.0075), steel)
    builder.cylinder(0.045, UPPER_ARM_HEIGHT - 0.02, (0.0, 0.0, UPPER_ARM_HEIGHT / 2 - 0.01), steel)
    return builder.build(scene, "Stand")


def _target(scene: bpy.types.Scene) -> bpy.types.Object:
    red, white = materials.plain("Target", (0.75, 0.16, 0.10)), materials.plain("Ring", (0.85, 0.86, 0.88))
    builder = meshes.MeshBuilder().cylinder(TARGET_RADIUS, 0.004, (0.0, 0.0, 0.002), red)
    builder.cylinder(0.65 * TARGET_RADIUS, 0.004, (0.0, 0.0, 0.003), white)
    builder.cylinder(0.35 * TARGET_RADIUS, 0.004, (0.0, 0.0, 0.004), red)
    return builder.build(scene, "Target", location=(0.0, 0.4, 0.0))


def _upper_arm(scene: bpy.types.Scene) -> bpy.types.Object:
    blue, axle = materials.plain("Arm", (0.06, 0.22, 0.45), roughness=0.4), materials.plain("Axle", (0.80, 0.82, 0.85))
    builder = meshes.MeshBuilder().box((UPPER_ARM, 0.06, 0.04), (0.0, 0.0, 0.0), blue)
    for side in (-1, 1):
        builder.cylinder(0.03, 0.04, (side * UPPER_ARM / 2, 0.0, 0.0), blue)
    builder.cylinder(0.018, 0.014, (-UPPER_ARM / 2, 0.0, 0.024), axle)
    hub = FOREARM_HEIGHT - UPPER_ARM_HEIGHT
    builder.cylinder(0.03, hub, (UPPER_ARM / 2, 0.0, hub / 2 + 0.02), blue)
    builder.cylinder(0.018, 0.008, (UPPER_ARM / 2, 0.0, hub + 0.022), axle)
    return builder.build(scene, "Upper arm", location=(UPPER_ARM / 2, 0.0, UPPER_ARM_HEIGHT))


def _forearm(scene: bpy.types.Scene) -> bpy.types.Object:
    """Nothing of it reaches beyond the elbow or the fingertip, so that its extent is its length."""
    orange, axle = materials.plain("Forearm", (0.90, 0.34, 0.04), roughness=0.5), bpy.data.materials["Axle"]
    tip, pen, reach = FOREARM / 2, 0.008, FOREARM_HEIGHT - 0.02
    builder = meshes.MeshBuilder().box((FOREARM, 0.045, 0.035), (0.0, 0.0, 0.0), orange)
    builder.cylinder(0.012, 0.006, (tip - 0.012, 0.0, 0.0195), axle)
    builder.cylinder(pen, reach, (tip - pen, 0.0, -reach / 2), axle)
    return builder.build(scene, "Forearm", location=(UPPER_ARM + tip, 0.0, FOREARM_HEIGHT))
