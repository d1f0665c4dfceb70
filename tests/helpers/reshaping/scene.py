"""A white sign on a black wall, a block and a box above a floor, and two signs of one mesh."""

from __future__ import annotations

from blendgym.scenes import bodies, cameras, lights, materials, meshes


def build(scene):
    bodies.world(scene)
    black, white = materials.plain("Black", (0, 0, 0), 1.0), materials.plain("White", (1, 1, 1), 1.0)
    floor = meshes.box(scene, "Floor", (20, 20, 1), black, location=(0, 0, -0.5))
    bodies.add(scene, floor, "BOX")
    for name, shape, x in (("Block", "CONVEX_HULL", -3), ("Crate", "BOX", 3)):
        bodies.add(scene, meshes.box(scene, name, (1, 1, 1), black, location=(x, 0, 2)), shape, mass=1.0)
    meshes.box(scene, "Sign", (1, 1, 0.1), white, location=(0, 0, 0.1))
    one = meshes.box(scene, "One", (1, 1, 1), black, location=(0, 5, 0))
    other = one.copy()
    other.name = "Other"
    scene.collection.objects.link(other)
    soft = meshes.box(scene, "Soft", (1, 1, 1), black, location=(0, -5, 0))
    soft.shape_key_add(name="Basis")
    cameras.perspective(scene, "Camera", (0, 0, 6), target=(0, 0, 0), field_of_view=0.9)
    lights.sun(scene, "Sun", rotation=(0, 0, 0), strength=3.0)
