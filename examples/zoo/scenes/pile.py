"""Thirty things of five shapes, above a tray."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies, cameras, materials, meshes, surroundings

COUNT = 30
R = 0.1
WALL = 0.05
INNER = 1.0
HEIGHT = 0.5


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene; the bottom of the tray is at z = 0."""
    bodies.world(scene)
    ground = surroundings.open_country(scene, height=0.0)
    bodies.add(scene, ground, "BOX")
    _tray(scene)
    for number in range(COUNT):
        _thing(scene, number)
    cameras.perspective(scene, "Camera", (0.0, -3.5, 2.5), target=(0.0, 0.0, 0.2), field_of_view=0.7)


def _tray(scene: bpy.types.Scene) -> None:
    grey, reach = materials.plain("Grey", (0.4, 0.4, 0.4)), (INNER + WALL) / 2
    for name, place, size in (
        ("Left", (-reach, 0.0), (WALL, INNER + 2 * WALL)),
        ("Right", (reach, 0.0), (WALL, INNER + 2 * WALL)),
        ("Front", (0.0, -reach), (INNER, WALL)),
        ("Back", (0.0, reach), (INNER, WALL)),
    ):
        wall = meshes.box(scene, name, (*size, HEIGHT), grey, location=(*place, HEIGHT / 2))
        bodies.add(scene, wall, "BOX")


def _thing(scene: bpy.types.Scene, number: int) -> None:
    name, place = f"Thing {number:02}", (0.0, 0.0, 1.0 + number)
    colour = materials.plain(name, (0.75, 0.05 + 0.025 * number, 0.10))
    match number % 5:
        case 0:
            bodies.add(scene, meshes.box(scene, name, (R, R, 2 * R), colour, location=place), "BOX", mass=0.5)
        case 1:
            bodies.add(scene, meshes.sphere(scene, name, R, colour, location=place), "SPHERE", mass=0.5)
        case 2:
            bodies.add(scene, meshes.capsule(scene, name, R / 2, 3 * R, colour, location=place), "CAPSULE", mass=0.5)
        case 3:
            bodies.add(scene, meshes.cylinder(scene, name, R, R, colour, location=place), "CYLINDER", mass=0.5)
        case 4:
            bodies.add(scene, meshes.cone(scene, name, R, 2 * R, colour, location=place), "CONVEX_HULL", mass=0.5)
