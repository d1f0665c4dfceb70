"""A lever on an upright hinge, and a motor that pushes its tip sideways: off the axis of the hinge."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings

SIZE = (1.0, 0.1, 0.1)
MASS = 2.0


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the hinge is at the origin, the lever along +x, and the motor pushes its tip along +y."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-1.0)
    grey, red = materials.plain("Grey", (0.4, 0.4, 0.4)), materials.plain("Red", (0.75, 0.16, 0.10))
    post = meshes.cylinder(scene, "Post", 0.06, 0.6, grey, location=(0.0, 0.0, -0.3))
    lever = meshes.box(scene, "Body", SIZE, red, location=(SIZE[0] / 2, 0.0, 0.0))
    bodies.add(scene, post, "CYLINDER", groups=())
    bodies.add(scene, lever, "BOX", mass=MASS, groups=())
    constraints.hinge(scene, "Hinge", (post, lever))
    constraints.motor(scene, "Push", (post, lever), (SIZE[0], 0.0, 0.0), (0.0, 0.0, math.pi / 2))
    cameras.perspective(scene, "Camera", (0.0, -3.0, 2.5), target=(0.0, 0.0, 0.0), field_of_view=0.8)
