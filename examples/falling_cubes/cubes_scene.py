"""A floor, and a cube of each colour to be copied (runs inside Blender). Units: m, kg."""

import math

from blendgym.scenes import bodies, cameras, lights, materials, meshes, surroundings

COLOURS = {
    "Coral": (0.80, 0.13, 0.07),
    "Amber": (0.87, 0.42, 0.03),
    "Lemon": (0.85, 0.68, 0.12),
    "Leaf": (0.12, 0.42, 0.13),
    "Sea": (0.03, 0.32, 0.40),
    "Plum": (0.23, 0.07, 0.30),
    "Chalk": (0.80, 0.79, 0.75),
}
"""Linear RGB, by name of the cube."""


def build(scene):
    """Fills an empty scene."""
    bodies.world(scene)
    sand = materials.plain("Sand", (0.38, 0.33, 0.27))
    floor = meshes.box(scene, "Floor", (80.0, 80.0, 0.1), sand, location=(0.0, 0.0, -0.05))
    bodies.add(scene, floor, "BOX", friction=0.9)
    for name, colour in COLOURS.items():
        cube = meshes.box(scene, name, (0.5, 0.5, 0.5), materials.plain(name, colour, roughness=0.4))
        bodies.add(scene, cube, "BOX", mass=1.0, friction=0.7, restitution=0.2)
    lights.sun(
        scene, "Sun", rotation=(math.radians(40), math.radians(-25), 0.0), strength=2.6, colour=(1.0, 0.94, 0.84)
    )
    surroundings.sky(scene, colour=(0.42, 0.56, 0.74))
    cameras.perspective(scene, "Camera", (0.0, -12.0, 5.5), target=(0.0, 0.0, 1.3), field_of_view=math.radians(38))
