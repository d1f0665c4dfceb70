"""A floor, and what may lie on it: crates of wood, and lamps of iron that nothing bumps into."""

from __future__ import annotations

from blendgym.scenes import bodies, cameras, lights, materials, meshes


def build(scene):
    bodies.world(scene)
    floor = meshes.box(scene, "Floor", (20, 20, 1), materials.plain("Concrete", (0.4, 0.4, 0.4)), location=(0, 0, -0.5))
    bodies.add(scene, floor, "BOX")
    crate = meshes.box(scene, "Crate", (1, 1, 1), materials.plain("Wood", (0.6, 0.3, 0.1)))
    bodies.add(scene, crate, "BOX", mass=2.0)
    meshes.box(scene, "Lamp", (0.2, 0.2, 2), materials.plain("Iron", (0.1, 0.1, 0.2)))
    cameras.perspective(scene, "Camera", (0, -14, 8), target=(0, 0, 1), field_of_view=0.9)
    lights.sun(scene, "Sun", rotation=(0.5, 0.3, 0), strength=3.0)
