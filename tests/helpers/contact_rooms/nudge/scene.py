"""A paddle that slides along x, and a ball on the ground before it."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings

RADIUS, GAP = 0.1, 0.3  # m


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    grey, red = materials.plain("Grey", (0.3, 0.3, 0.3)), materials.plain("Red", (0.8, 0.1, 0.1))
    ground = surroundings.open_country(scene, height=0.0)
    paddle = meshes.box(scene, "Paddle", (0.1, 0.4, 0.2), grey, location=(0.0, 0.0, 0.15))
    ball = meshes.sphere(scene, "Ball", RADIUS, red, location=(GAP, 0.0, RADIUS))
    bodies.add(scene, ground, "BOX")
    bodies.add(scene, paddle, "BOX", mass=1.0)
    bodies.add(scene, ball, "SPHERE", mass=0.2)
    constraints.slider(scene, "Slide", (ground, paddle))
    constraints.motor(scene, "Drive", (ground, paddle), collide=False)
    cameras.perspective(scene, "Camera", (0.0, -4.0, 1.5), target=(0.5, 0.0, 0.0), field_of_view=0.8)
