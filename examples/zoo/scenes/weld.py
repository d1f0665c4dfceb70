"""A pendulum of two bodies: an arm on a hinge, and a bob that is welded to it."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings

ARM = (0.05, 0.05, 1.0)
BOB = 0.12
MASSES = (0.5, 1.5)


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the hinge is at the origin, and the arm hangs from it."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-2.0)
    grey, red = materials.plain("Grey", (0.4, 0.4, 0.4)), materials.plain("Red", (0.75, 0.16, 0.10))
    post = meshes.box(scene, "Post", (0.2, 0.2, 0.2), grey, location=(0.0, 0.0, 0.1))
    arm = meshes.box(scene, "Arm", ARM, grey, location=(0.0, 0.0, -ARM[2] / 2))
    bob = meshes.sphere(scene, "Bob", BOB, red, location=(0.0, 0.0, -ARM[2]))
    bodies.add(scene, post, "BOX", groups=())
    bodies.add(scene, arm, "BOX", mass=MASSES[0], groups=())
    bodies.add(scene, bob, "SPHERE", mass=MASSES[1], groups=())
    constraints.hinge(scene, "Hinge", (post, arm), rotation=(-math.pi / 2, 0.0, 0.0))
    constraints.fixed(scene, "Weld", (arm, bob), (0.0, 0.0, -ARM[2]))
    cameras.perspective(scene, "Camera", (0.0, -4.0, -0.5), target=(0.0, 0.0, -0.6), field_of_view=0.8)
