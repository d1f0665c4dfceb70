"""A T-shaped block on a table, its goal painted on the table, and a finger. Units: m, kg; the table top is at z = 0."""

from __future__ import annotations

import math

import bpy

from blendgym.envs.push_t import tee
from blendgym.scenes import bodies, cameras, materials, meshes, surroundings
from blendgym.scenes.places import Triple

HEIGHT = 0.72  # of the table top above the ground
TOP = (1.3, 1.1, 0.04)
LEG = (0.06, 0.06, HEIGHT - TOP[2])
PAINT = 0.0005
FINGER_RADIUS, FINGER_LENGTH = 0.025, 0.09
GAP = 0.005  # between the finger and the table


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    surroundings.open_country(scene, height=-HEIGHT)
    _table(scene)
    _goal(scene)
    _block(scene)
    _finger(scene)
    _camera(scene)
    cameras.perspective(scene, "Side", (0.35, -1.05, 0.8), target=(0.0, 0.0, 0.0), field_of_view=math.radians(39))


def _table(scene: bpy.types.Scene) -> None:
    wood = materials.plain("Table", (0.60, 0.50, 0.37), roughness=0.6)
    steel = materials.plain("Legs", (0.12, 0.13, 0.15), roughness=0.5)
    top = meshes.box(scene, "Table", TOP, wood, location=(0.0, 0.0, -TOP[2] / 2))
    bodies.add(scene, top, "BOX", friction=0.5)
    frame = meshes.MeshBuilder()
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            frame.box(LEG, (0.45 * TOP[0] * x, 0.45 * TOP[1] * y, -TOP[2] - LEG[2] / 2), steel)
    frame.build(scene, "Legs")


def _goal(scene: bpy.types.Scene) -> None:
    green = materials.plain("Goal", (0.20, 0.55, 0.22), roughness=0.8)
    _tee(green, PAINT, (1.0, 1.0)).build(scene, "Goal", (tee.GOAL.x, tee.GOAL.y, PAINT / 2), (0.0, 0.0, tee.GOAL.angle))


def _block(scene: bpy.types.Scene) -> None:
    """Friction of 1, so that those of table and finger are the coefficients: Blender takes products."""
    grey = materials.plain("Block", (0.20, 0.25, 0.32))
    scale = _scale_for_its_inertia()
    block = _tee(grey, tee.THICKNESS, scale).build(scene, "Block", (0.0, 0.0, tee.THICKNESS / 2))
    for name, part in zip(("Bar", "Stem"), tee.PARTS, strict=True):
        size, centre = _unscaled(part, tee.THICKNESS, scale)
        shape = meshes.box(scene, name, size, grey, location=centre)
        shape.parent, shape.hide_render = block, True
        bodies.add(scene, shape, "BOX", mass=1.0)
    bodies.add(scene, block, "COMPOUND", mass=0.8, friction=1.0)
    block.scale = (*scale, 1.0)


def _finger(scene: bpy.types.Scene) -> None:
    """Restitution of 1, so that the block's is what counts; with that of the table it comes to nothing."""
    blue = materials.plain("Finger", (0.05, 0.16, 0.55), roughness=0.4)
    place = (0.0, -0.3, GAP + FINGER_LENGTH / 2)
    finger = meshes.cylinder(scene, "Finger", FINGER_RADIUS, FINGER_LENGTH, blue, location=place)
    bodies.add(scene, finger, "CYLINDER", mass=1.0, friction=0.5, restitution=1.0, kinematic=True)


def _camera(scene: bpy.types.Scene) -> None:
    """Looks down on the table; what it sees from the front to the back does not depend on the width of the image."""
    camera = cameras.perspective(scene, "Camera", (0.0, -0.02, 1.6), target=(0.0, 0.0, 0.0), field_of_view=0.57)
    camera.data.sensor_fit = "VERTICAL"
    camera.data.angle = 0.57


def _tee(surface: bpy.types.Material, thickness: float, scale: tee.Point) -> meshes.MeshBuilder:
    """A T around its centre of mass, so large that it has its size when it is scaled."""
    builder = meshes.MeshBuilder()
    for part in tee.PARTS:
        builder.box(*_unscaled(part, thickness, scale), surface)
    return builder


def _unscaled(part: tee.Rectangle, thickness: float, scale: tee.Point) -> tuple[Triple, Triple]:
    """Size and centre of a box that is a part of the T when it is scaled along x and y."""
    size = (2.0 * part.half_width / scale[0], 2.0 * part.half_height / scale[1], thickness)
    return size, (part.x / scale[0], part.y / scale[1], 0.0)


def _scale_for_its_inertia() -> tee.Point:
    """The scale with which the block has the moments of inertia of a T.

    Blender gives a compound the moments of its bounding box, and of that without the object's scale (Blender 4.5). A
    box has those of a T if its sides are √12 times the roots of the T's second moments.
    """
    sides = [math.sqrt(12.0 * moment) for moment in tee.second_moments()]
    width = max(part.half_width for part in tee.PARTS) * 2.0
    height = tee.BAR[1] + tee.STEM[1]
    return width / sides[0], height / sides[1]
