"""A load on a spring, which moves up and down and does not turn."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, constraints, materials, meshes, surroundings

STIFFNESS = 50.0  # N/m
MASS = 2.0
HELD = (0.0, 0.0)


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the spring is relaxed with the load at the origin."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-3.0)
    grey, red = materials.plain("Grey", (0.4, 0.4, 0.4)), materials.plain("Red", (0.75, 0.16, 0.10))
    ceiling = meshes.box(scene, "Ceiling", (1.0, 1.0, 0.1), grey, location=(0.0, 0.0, 1.0))
    load = meshes.box(scene, "Body", (0.3, 0.3, 0.3), red)
    bodies.add(scene, ceiling, "BOX")
    bodies.add(scene, load, "BOX", mass=MASS)
    constraints.spring(
        scene, "Spring", (ceiling, load), springs_along={"z": STIFFNESS},
        along={"x": HELD, "y": HELD}, about={"x": HELD, "y": HELD, "z": HELD},
    )  # fmt: skip
    cameras.perspective(scene, "Camera", (0.0, -5.0, 0.5), target=(0.0, 0.0, -0.3), field_of_view=0.8)
