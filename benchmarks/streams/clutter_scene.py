"""A table, things that fall onto it, and boards that hide them from the camera. Units: m, kg."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, lights, materials, meshes, surroundings


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    table = meshes.box(
        scene, "Table", (40.0, 40.0, 0.1), materials.plain("Linen", (0.40, 0.37, 0.33)), location=(0, 0, -0.05)
    )
    bodies.add(scene, table, "BOX", friction=0.9)
    box = meshes.box(scene, "Box", (0.30, 0.24, 0.18), materials.plain("Coral", (0.75, 0.15, 0.09)))
    bodies.add(scene, box, "BOX", mass=0.5)
    ball = meshes.sphere(scene, "Ball", 0.14, materials.plain("Sea", (0.05, 0.30, 0.42)))
    bodies.add(scene, ball, "SPHERE", mass=0.3, angular_damping=0.5)
    rod = meshes.cylinder(scene, "Rod", 0.09, 0.40, materials.plain("Amber", (0.80, 0.50, 0.07)))
    bodies.add(scene, rod, "CYLINDER", mass=0.4, angular_damping=0.5)
    meshes.box(scene, "Board", (0.45, 0.03, 0.4), materials.plain("Plum", (0.22, 0.09, 0.28)))
    lights.sun(scene, "Sun", rotation=(0.6, -0.4, 0.0), strength=2.6)
    surroundings.sky(scene, colour=(0.5, 0.58, 0.68))
    cameras.perspective(scene, "Camera", (0.0, -3.6, 2.8), target=(0.0, 0.0, 0.15), field_of_view=0.7)
