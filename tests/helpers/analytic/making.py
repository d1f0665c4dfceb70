"""What the scenes of this folder are made with, beside ``blendgym.scenes``."""

from __future__ import annotations

import math
from typing import Any

import bmesh
import bpy

from analytic.known import Place, Triple
from blendgym.scenes import bodies


def physics(scene: bpy.types.Scene) -> None:
    """A world with one body that nobody sees: nothing moves in these scenes."""
    bodies.world(scene, solver_iterations=1)
    body = bpy.data.objects.new("Body", bpy.data.meshes.new("Body"))
    scene.collection.objects.link(body)
    body.hide_render = True
    bodies.add(scene, body, "BOX", groups=())


def put(scene: bpy.types.Scene, name: str, data: Any, place: Place) -> bpy.types.Object:
    """Adds an object."""
    made = bpy.data.objects.new(name, data)
    made.location = place.location
    made.rotation_euler = [math.radians(angle) for angle in place.rotation]
    scene.collection.objects.link(made)
    return made


def camera(scene: bpy.types.Scene, name: str, place: Place, **lens: Any) -> None:
    """Adds a perspective camera with some properties of Blender's."""
    data = bpy.data.cameras.new(name)
    for attribute, value in lens.items():
        setattr(data, attribute, value)
    made = put(scene, name, data, place)
    scene.camera = scene.camera or made


def sphere(name: str, radius: float) -> bpy.types.Mesh:
    """A smooth sphere of 81,920 triangles; one of meridians with as many faces takes Blender thirty times as long."""
    mesh, shape = bpy.data.meshes.new(name), bmesh.new()
    bmesh.ops.create_icosphere(shape, subdivisions=7, radius=radius)
    return _smooth(mesh, shape)


def block(name: str, size: Triple) -> bpy.types.Mesh:
    """A box."""
    mesh, shape = bpy.data.meshes.new(name), bmesh.new()
    bmesh.ops.create_cube(shape, size=1.0)
    bmesh.ops.scale(shape, vec=size, verts=shape.verts)
    return _made(mesh, shape)


def _smooth(mesh: bpy.types.Mesh, shape: bmesh.types.BMesh) -> bpy.types.Mesh:
    for face in shape.faces:
        face.smooth = True
    return _made(mesh, shape)


def _made(mesh: bpy.types.Mesh, shape: bmesh.types.BMesh) -> bpy.types.Mesh:
    shape.to_mesh(mesh)
    shape.free()
    return mesh
