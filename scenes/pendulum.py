"""A pole on a motor on a stand. Units: m, kg. The pole swings in the xz plane, the camera looks along +y."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import parts
from blendgym.scenes.cartpole import surroundings

POLE_SIZE = (0.08, 0.05, 1.0)
GROUND = -1.7  # below the hinge, which is the origin


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    parts.rigid_body_world(scene, solver_iterations=4)
    stand, pole = _stand(scene), _pole(scene)
    parts.rigid_body(scene, stand)
    parts.rigid_body(scene, pole, mass=1.0)
    # The hinge turns about its z axis, which points along +y: rotation about that leans an upright pole towards +x.
    parts.constraint(scene, "Hinge", "HINGE", (stand, pole), rotation=(-math.pi / 2, 0.0, 0.0))
    drive = parts.constraint(scene, "Drive", "MOTOR", (stand, pole), rotation=(0.0, 0.0, math.pi / 2))
    drive.use_motor_lin, drive.use_motor_ang = False, True
    surroundings(scene, ground=GROUND)
    parts.camera(scene, "Camera", location=(0.0, -6.6, 0.2), target=(0.0, 0.0, -0.1), field_of_view=math.radians(40))


def _stand(scene: bpy.types.Scene) -> bpy.types.Object:
    steel = parts.material("Steel", (0.16, 0.19, 0.24), roughness=0.4)
    housing = parts.material("Motor", (0.06, 0.22, 0.45), roughness=0.4)
    axle = parts.material("Axle", (0.80, 0.82, 0.85), roughness=0.3)
    builder = parts.MeshBuilder().box((0.14, 0.10, -GROUND), (0.0, 0.25, GROUND / 2), steel)
    builder.box((1.0, 0.7, 0.06), (0.0, 0.25, GROUND + 0.03), steel)
    builder.cylinder(0.14, 0.36, (0.0, 0.24, 0.0), housing)
    builder.cylinder(0.05, 0.14, (0.0, 0.0, 0.0), axle)
    return builder.build(scene, "Stand")


def _pole(scene: bpy.types.Scene) -> bpy.types.Object:
    wood = parts.material("Pole", (0.90, 0.34, 0.04), roughness=0.5)
    return parts.MeshBuilder().box(POLE_SIZE, (0.0, 0.0, 0.0), wood).build(scene, "Pole", (0.0, 0.0, POLE_SIZE[2] / 2))
