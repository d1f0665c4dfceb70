"""A bin with four compartments, and six shapes that fall into it. Units: m, kg. The camera is at azimuth -π/2."""

from __future__ import annotations

import math

import bpy

from blendgym.envs.next_view.heap import BUILT, COLOURS, INSIDE, SIZE, TARGET, THICKNESS, WALL, camera_place
from blendgym.scenes import bodies, cameras, materials, meshes, surroundings
from blendgym.scenes.bodies import Shape

MASS = 0.8  # kg, of each template
FRICTION = 0.775  # of each body, so that of two it is 0.6
GROUND = -0.3


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    bodies.add(scene, _bin(scene), "MESH", friction=FRICTION)
    for obj, shape in _shapes(scene):
        bodies.add(scene, obj, shape, MASS, friction=FRICTION, linear_damping=0.2, angular_damping=0.99)
    bodies.add(scene, surroundings.open_country(scene, height=GROUND), "BOX", friction=FRICTION)
    cameras.perspective(scene, "Camera", camera_place(*BUILT), TARGET, field_of_view=math.radians(40))
    cameras.perspective(scene, "Overview", (0.9, -1.7, 2.3), TARGET, field_of_view=math.radians(36))


def _bin(scene: bpy.types.Scene) -> bpy.types.Object:
    """A tray on a foot, with walls around it and across its middle."""
    steel = materials.plain("Bin", (0.30, 0.36, 0.44), roughness=0.5)
    foot = materials.plain("Foot", (0.05, 0.07, 0.10), roughness=0.6)
    outside, middle = INSIDE + 2 * THICKNESS, (INSIDE + THICKNESS) / 2
    compartment = (INSIDE - THICKNESS) / 2
    builder = meshes.MeshBuilder().box((outside, outside, THICKNESS), (0.0, 0.0, -THICKNESS / 2), steel)
    for place in (-middle, 0.0, middle):
        builder.box((outside, THICKNESS, WALL), (0.0, place, WALL / 2), steel)
        for side in (-1.0, 1.0):
            builder.box((THICKNESS, compartment, WALL), (place, side * middle / 2, WALL / 2), steel)
    builder.cylinder(0.3, -GROUND - THICKNESS, (0.0, 0.0, (GROUND - THICKNESS) / 2), foot)
    return builder.build(scene, "Bin")


def _shapes(scene: bpy.types.Scene) -> list[tuple[bpy.types.Object, Shape]]:
    """The templates, each of a colour of its own; copies may have that of another."""
    red, orange, yellow, green, blue, white = (materials.plain(name, colour) for name, colour in COLOURS.items())
    radius = SIZE / 2
    return [
        (meshes.box(scene, "Cube", (0.8 * SIZE,) * 3, red), "BOX"),
        (meshes.sphere(scene, "Ball", radius, blue), "SPHERE"),
        (meshes.cylinder(scene, "Cylinder", 0.7 * radius, SIZE, yellow), "CYLINDER"),
        (meshes.cone(scene, "Cone", 0.9 * radius, SIZE, green), "CONE"),
        (meshes.capsule(scene, "Capsule", 0.5 * radius, SIZE, orange), "CAPSULE"),
        (meshes.box(scene, "Slab", (SIZE, 0.7 * SIZE, 0.35 * SIZE), white), "BOX"),
    ]
