"""Cubes on the vertices of a mesh, as many as a task wants."""

from __future__ import annotations

import bpy

from blendgym.scenes import bodies
from sights import making
from sights.making import cube


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene, solver_iterations=1)
    making.light_and_camera(scene)
    mesh = bpy.data.meshes.new("Field")
    mesh.from_pydata([(0.0, 0.0, 0.0)], [], [])
    field, stone = bpy.data.objects.new("Field", mesh), cube("Stone")
    field.instance_type, stone.parent = "VERTS", field
    for obj in (field, stone):
        scene.collection.objects.link(obj)
