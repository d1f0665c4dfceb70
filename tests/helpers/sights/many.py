"""Ten thousand instances of a cube, and a thousand objects that share a mesh, on a grid that the camera sees."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies
from sights import making
from sights.grid import COLUMNS, INSTANCES, OBJECTS, ROWS
from sights.making import cube


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene: instances to the left, objects to the right."""
    bodies.world(scene, solver_iterations=1)
    making.light_and_camera(scene)
    dot = cube("Dot", 0.02)
    points = bpy.data.meshes.new("Points")
    points.from_pydata(_grid(*INSTANCES, left=-COLUMNS / 2), [], [])
    multiplier = bpy.data.objects.new("Points", points)
    multiplier.instance_type, dot.parent = "VERTS", multiplier
    for obj in (multiplier, dot):
        scene.collection.objects.link(obj)
    mesh = cube("Block", 0.05).data
    shown = making.collection("Blocks")
    for number, place in enumerate(_grid(*OBJECTS, left=0.0)):
        block = bpy.data.objects.new(f"Block.{number:04}", mesh)
        block.location = place
        shown.objects.link(block)
    scene.collection.children.link(shown)


def _grid(columns: int, rows: int, left: float) -> list[tuple[float, float, float]]:
    """Points spread over half of the image."""
    width, height = COLUMNS / 2 / columns, ROWS / rows
    return [
        (left + (column + 0.5) * width, 0.0, ROWS / 2 - (row + 0.5) * height)
        for row in range(rows)
        for column in range(columns)
    ]
