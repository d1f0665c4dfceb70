"""What the scenes of this folder are made with."""

from __future__ import annotations

from typing import Any

import bmesh
import bpy

from sights.grid import DISTANCE, FOCAL, HEIGHT, WIDTH, place


def cube(name: str, size: float = 0.4) -> bpy.types.Object:
    """A cube; in no collection yet."""
    mesh, shape = bpy.data.meshes.new(name), bmesh.new()
    bmesh.ops.create_cube(shape, size=size)
    shape.to_mesh(mesh)
    shape.free()
    return bpy.data.objects.new(name, mesh)


def square(name: str, side: float) -> bpy.types.Object:
    """A square that faces the camera; in no collection yet."""
    half = side / 2
    mesh = bpy.data.meshes.new(name)
    corners = [(-half, 0.0, -half), (half, 0.0, -half), (half, 0.0, half), (-half, 0.0, half)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    return bpy.data.objects.new(name, mesh)


def collection(name: str, *objects: bpy.types.Object, parent: bpy.types.Collection | None = None) -> Any:
    """A collection with some objects."""
    made = bpy.data.collections.new(name)
    for obj in objects:
        made.objects.link(obj)
    if parent:
        parent.children.link(made)
    return made


def instance_of(name: str, shown: bpy.types.Collection) -> bpy.types.Object:
    """An empty that shows a collection; in no collection yet."""
    made = bpy.data.objects.new(name, None)
    made.instance_type, made.instance_collection = "COLLECTION", shown
    return made


def layer(scene: bpy.types.Scene, shown: bpy.types.Collection) -> bpy.types.LayerCollection:
    """A collection in the view layer."""
    return scene.view_layers[0].layer_collection.children[shown.name]


def put(scene: bpy.types.Scene, obj: bpy.types.Object, number: int, into: bpy.types.Collection | None = None) -> Any:
    """Places an object in a cell."""
    obj.location = place(number)
    (into or scene.collection).objects.link(obj)
    return obj


def light_and_camera(scene: bpy.types.Scene) -> None:
    """A camera that sees the grid under a sun behind it, before a black sky."""
    scene.world = bpy.data.worlds.new("Night")
    scene.world.color = (0.0, 0.0, 0.0)  # For Workbench.
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.location, camera.rotation_euler = (0.0, -DISTANCE, 0.0), (1.5707963, 0.0, 0.0)
    camera.data.sensor_fit, camera.data.sensor_width = "HORIZONTAL", 36.0
    camera.data.lens = 36.0 * FOCAL / WIDTH
    sun = bpy.data.objects.new("Sun", bpy.data.lights.new("Sun", "SUN"))
    sun.rotation_euler, sun.data.energy, sun.data.angle = (1.2, 0.1, 0.0), 3.0, 0.0
    scene.collection.objects.link(camera)
    scene.collection.objects.link(sun)
    scene.camera = camera
    assert HEIGHT < WIDTH


def nodes(obj: bpy.types.Object) -> tuple[Any, Any, Any]:
    """Geometry nodes of an object: the tree, what comes in, and what goes out."""
    tree = bpy.data.node_groups.new(obj.name, "GeometryNodeTree")
    for direction in ("INPUT", "OUTPUT"):
        tree.interface.new_socket("Geometry", in_out=direction, socket_type="NodeSocketGeometry")
    obj.modifiers.new("Nodes", "NODES").node_group = tree
    return tree, tree.nodes.new("NodeGroupInput").outputs[0], tree.nodes.new("NodeGroupOutput").inputs[0]
