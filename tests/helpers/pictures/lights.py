"""A matt floor under one lamp, with each setting of a table, by the rasterizer and by Cycles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import bpy
import numpy as np
from analytic.known import Place
from analytic.making import block, camera, put

from blendgym.blender.render.cameras import Cameras
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import BlendgymError
from blendgym.images.views import make_view
from pictures.taking import Pictures, store


def build() -> bpy.types.Scene:
    """The floor, and a lamp without extent above it."""
    scene = bpy.data.scenes.new("Floor")
    bpy.context.window.scene = scene
    material = bpy.data.materials.new("Floor")
    material.use_nodes = True
    tree = material.node_tree
    matt = tree.nodes.new("ShaderNodeBsdfDiffuse")
    tree.links.new(matt.outputs[0], tree.nodes["Material Output"].inputs["Surface"])
    put(scene, "Floor", block("Floor", (8.0, 8.0, 0.1)), Place((0.0, 0.0, 0.0))).data.materials.append(material)
    lamp = bpy.data.lights.new("Lamp", "POINT")
    lamp.energy, lamp.shadow_soft_size = 100.0, 0.0
    put(scene, "Lamp", lamp, Place((0.0, 0.0, 2.0)))
    camera(scene, "Eye", Place((0.0, 0.0, 5.0)))
    return scene


def give_nodes(lamp: bpy.types.Light, kind: str) -> None:
    lamp.use_nodes = True
    emission = next(node for node in lamp.node_tree.nodes if node.type == "EMISSION")
    emission.inputs["Strength"].default_value = 2.0
    emission.inputs["Color"].default_value = (0.5, 1.0, 0.25, 1.0)
    if kind != "plain":
        texture = lamp.node_tree.nodes.new("ShaderNodeTexNoise")
        lamp.node_tree.links.new(texture.outputs[0], emission.inputs["Color"])


def warm(lamp: bpy.types.Light) -> None:
    lamp.use_temperature, lamp.temperature = True, 2500.0


def shine_on_some(scene: bpy.types.Scene) -> None:
    scene.objects["Lamp"].light_linking.receiver_collection = bpy.data.collections.new("Some")


SETTINGS: Mapping[str, Callable[[bpy.types.Scene], Any]] = {
    "plain": lambda scene: None,
    "nodes": lambda scene: give_nodes(scene.objects["Lamp"].data, "plain"),
    "temperature": lambda scene: warm(scene.objects["Lamp"].data),
    "noise": lambda scene: give_nodes(scene.objects["Lamp"].data, "noise"),
    "linked": shine_on_some,
}


def main() -> None:
    pictures: Pictures = {}
    for name, change in SETTINGS.items():
        scene = build()
        change(scene)
        cameras = Cameras(LoadedScene(scene), lambda seconds: {})
        for engine in ("raster", "cycles"):
            view = make_view(camera="Eye", width=32, height=32, passes=("rgb_linear",), engine=engine, samples=1)
            try:
                pictures[f"{name} {engine}"] = cameras.render(view)["rgb_linear"]
            except BlendgymError as error:
                pictures[f"{name} {engine}"] = np.array(str(error))
        bpy.data.batch_remove([*scene.objects, *bpy.data.lights])
    store(pictures)


if __name__ == "__main__":
    main()
