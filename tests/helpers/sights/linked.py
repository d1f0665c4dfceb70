"""Writes two libraries and a file that links, overrides and instances what they hold: ``python linked.py FOLDER``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import bpy


def library(path: Path, size: float) -> None:
    """A cube, and a tree of a trunk and a leaf, all in one paint."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    paint = bpy.data.materials.new("Paint")
    paint.use_nodes = True
    tree = bpy.data.collections.new("Tree")
    scene.collection.children.link(tree)
    for name, height, into in (("Cube", 0.0, scene.collection), ("Trunk", 0.0, tree), ("Leaf", 1.0, tree)):
        bpy.ops.mesh.primitive_cube_add(size=size, location=(0.0, 0.0, height))
        made = bpy.context.object
        made.name = name
        scene.collection.objects.unlink(made)
        into.objects.link(made)
        made.data.materials.append(paint)
    bpy.ops.wm.save_as_mainfile(filepath=str(path))


def link(path: Path) -> tuple[Any, Any]:
    """Links a cube and a tree."""
    with bpy.data.libraries.load(str(path), link=True) as (_, wanted):
        wanted.objects, wanted.collections = ["Cube"], ["Tree"]
    return wanted.objects[0], wanted.collections[0]


def main(folder: Path) -> None:
    """Writes the three files."""
    for name, size in (("one.blend", 0.4), ("two.blend", 0.6)):
        library(folder / name, size)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    bpy.ops.rigidbody.world_add()
    scene.rigidbody_world.collection = bpy.data.collections.new("Bodies")
    bpy.ops.mesh.primitive_cube_add(size=0.5, location=(-2.0, 0.0, 0.0))
    bpy.context.object.name = "Cube"
    for number, name in enumerate(("one.blend", "two.blend")):
        cube, tree = link(folder / name)
        scene.collection.objects.link(cube)
        instance = bpy.data.objects.new(f"Tree of {name.removesuffix('.blend')}", None)
        instance.instance_type, instance.instance_collection = "COLLECTION", tree
        instance.location = (2.0 + number, 0.0, 0.0)
        scene.collection.objects.link(instance)
        if number == 1:
            for obj in tree.override_hierarchy_create(scene, scene.view_layers[0]).all_objects:
                obj.location.x = -1.0
    bpy.ops.object.camera_add(location=(0.0, -9.0, 0.5), rotation=(1.5707963, 0.0, 0.0))
    scene.camera = bpy.context.object
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "linking.blend"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)
