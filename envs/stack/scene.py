"""A pedestal, a shelf behind it, and three kinds of boxes. Units: m, kg. The camera looks along +y."""

from __future__ import annotations

import math

import bpy

from blendgym.envs.stack.boxes import DENSITY, KINDS, MAX_BOXES, PEDESTAL, SHELF, SIZE, SPACING
from blendgym.scenes import bodies, cameras, materials, meshes, surroundings
from blendgym.scenes.bodies import Shape

GROUND = -0.6  # below the top of the pedestal
FRICTION = 0.775  # of each body, so that of two it is 0.6


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene, solver_iterations=10)
    stone = materials.plain("Stone", (0.30, 0.34, 0.42), roughness=0.7)
    pine = materials.plain("Shelf", (0.16, 0.19, 0.24), roughness=0.6)
    pedestal = meshes.box(scene, "Pedestal", (*PEDESTAL, -GROUND), stone, location=(0.0, 0.0, GROUND / 2))
    bodies.add(scene, pedestal, "BOX", friction=FRICTION)
    bodies.add(scene, _shelf(scene, pine), "BOX", friction=FRICTION)
    _kinds(scene)
    ground = surroundings.open_country(scene, height=GROUND)
    bodies.add(scene, ground, "BOX", friction=FRICTION)
    cameras.perspective(scene, "Camera", (0.0, -2.6, 0.75), target=(0.0, 0.0, 0.12), field_of_view=math.radians(40))


def _shelf(scene: bpy.types.Scene, surface: bpy.types.Material) -> bpy.types.Object:
    place, height = SHELF
    length, thickness = MAX_BOXES * SPACING, 0.04
    builder = meshes.MeshBuilder().box((length, 0.34, thickness), (0.0, 0.0, -thickness / 2), surface)
    for side in (-1.0, 1.0):
        leg = height - thickness - GROUND
        builder.box((0.05, 0.3, leg), (side * 0.42 * length, 0.0, -thickness - leg / 2), surface)
    return builder.build(scene, "Shelf", (0.0, place, height))


def _kinds(scene: bpy.types.Scene) -> None:
    """Boxes: the farther the centre of mass is off the middle, the longer their end of iron."""
    wood, iron = materials.plain("Wood", (0.90, 0.34, 0.04), 0.6), materials.plain("Iron", (0.05, 0.07, 0.10), 0.4)
    length, width, height = SIZE
    for name, offset in KINDS.items():
        end = 1.6 * offset
        builder = meshes.MeshBuilder()
        builder.box(((1.0 - end) * length, width, height), (-(offset + end / 2) * length, 0.0, 0.0), wood)
        if end:
            builder.box((end * length, width, height), ((0.5 - offset - end / 2) * length, 0.0, 0.0), iron)
        # A box as Bullet has it is as far from its centre of mass on every side; a hull is where its vertices are.
        shape: Shape = "CONVEX_HULL" if offset else "BOX"
        bodies.add(scene, builder.build(scene, name), shape, mass=DENSITY * math.prod(SIZE), friction=FRICTION)
