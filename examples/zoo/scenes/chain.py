"""Four links that hang on a post by hinges, and swing in the xz plane."""

from __future__ import annotations

import math

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings

LINKS = 4
LENGTH = 0.4
WIDTH = 0.06
MASS = 0.5


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the first hinge is at the origin."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-2.5)
    grey, red = materials.plain("Grey", (0.4, 0.4, 0.4)), materials.plain("Red", (0.75, 0.16, 0.10))
    upper = meshes.box(scene, "Post", (0.2, 0.2, 0.2), grey, location=(0.0, 0.0, 0.1))
    bodies.add(scene, upper, "BOX", groups=())
    for number in range(LINKS):
        top = -number * LENGTH
        link = meshes.box(scene, f"Link {number}", (WIDTH, WIDTH, LENGTH), red, location=(0.0, 0.0, top - LENGTH / 2))
        bodies.add(scene, link, "BOX", mass=MASS, groups=())
        constraints.hinge(scene, f"Hinge {number}", (upper, link), (0.0, 0.0, top), (-math.pi / 2, 0.0, 0.0))
        upper = link
    cameras.perspective(scene, "Camera", (0.0, -5.0, -0.5), target=(0.0, 0.0, -0.7), field_of_view=0.9)
