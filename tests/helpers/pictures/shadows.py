"""A block above a matt floor in the light of a sun or a spot, with each setting, by the rasterizer and by Cycles."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import bpy
import numpy as np
from analytic.known import Place, Triple
from analytic.making import block, camera, put

from blendgym.blender.render.cameras import Cameras
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError
from blendgym.images.views import make_view
from pictures.taking import Pictures, store

SIDE = 128  # pixels
WIDTH = 8.0
"""What the camera sees of the floor, straight from above, in m."""

BLOCK: Triple = (1.0, 0.6, 0.5)
HEIGHT = 1.0
"""Of the middle of the block above the floor, in m."""

SLANT = math.radians(50.0)
"""Of the sun, which shines down and towards +x."""

SPOT: Triple = (-0.8, 0.4, 4.0)
FLOOR = 400.0


def build(kind: str) -> bpy.types.Scene:
    """The floor, the block above its origin, and one light."""
    scene = bpy.data.scenes.new("Floor")
    bpy.context.window.scene = scene
    put(scene, "Floor", block("Floor", (FLOOR, FLOOR, 0.1)), Place((0.0, 0.0, -0.05))).data.materials.append(matt())
    put(scene, "Block", block("Block", BLOCK), Place((0.0, 0.0, HEIGHT))).data.materials.append(matt())
    light = bpy.data.lights.new("Lamp", kind)
    if kind == "SUN":
        light.energy, light.angle = 3.0, 0.0
        put(scene, "Lamp", light, Place((0.0, 0.0, 9.0), (0.0, -math.degrees(SLANT), 0.0)))
    else:
        light.energy, light.shadow_soft_size = 2000.0, 0.0
        light.spot_size, light.spot_blend = math.radians(100.0), 0.5
        put(scene, "Lamp", light, Place(SPOT))
    camera(scene, "Eye", Place((0.0, 0.0, 20.0)), type="ORTHO", ortho_scale=WIDTH)
    return scene


def matt() -> bpy.types.Material:
    """Diffuse grey."""
    material = bpy.data.materials.new("Matt")
    material.use_nodes = True
    tree = material.node_tree
    diffuse = tree.nodes.new("ShaderNodeBsdfDiffuse")
    tree.links.new(diffuse.outputs[0], tree.nodes["Material Output"].inputs["Surface"])
    return material


def turn_off(scene: bpy.types.Scene) -> None:
    scene.objects["Lamp"].data.use_shadow = False


def let_through(scene: bpy.types.Scene) -> None:
    scene.objects["Block"].visible_shadow = False


def see_through(scene: bpy.types.Scene) -> None:
    """Makes the block too transparent to count."""
    material = scene.objects["Block"].data.materials[0]
    material.node_tree.nodes["Principled BSDF"].inputs["Alpha"].default_value = 0.3
    output = material.node_tree.nodes["Material Output"]
    material.node_tree.links.new(material.node_tree.nodes["Principled BSDF"].outputs[0], output.inputs["Surface"])


def add_one_far_away(scene: bpy.types.Scene) -> None:
    """A second block where the camera does not look, and whose shadow it does not see."""
    put(scene, "Far", block("Far", BLOCK), Place((150.0, 90.0, HEIGHT)))


def add_one_outside(scene: bpy.types.Scene) -> None:
    """A second block that the camera does not see, but whose shadow it does."""
    distance = (5.0 - HEIGHT) * math.tan(SLANT)
    put(scene, "High", block("High", BLOCK), Place((-distance, 2.0, 5.0)))


def nothing(scene: bpy.types.Scene) -> None:
    """Leaves it as it is."""


SETTINGS: Mapping[str, tuple[str, Callable[[bpy.types.Scene], Any]]] = {
    "sun": ("SUN", nothing),
    "spot": ("SPOT", nothing),
    "off": ("SUN", turn_off),
    "let through": ("SUN", let_through),
    "see through": ("SUN", see_through),
    "far": ("SUN", add_one_far_away),
    "outside": ("SUN", add_one_outside),
}


def main() -> None:
    pictures: Pictures = {}
    for name, (kind, change) in SETTINGS.items():
        scene = build(kind)
        change(scene)
        cameras = Cameras(LoadedScene(scene), lambda seconds: {})
        for engine, more in (("raster", {"shadow_maps": True}), ("cycles", {}), ("plain", {})):
            pictures[f"{name} {engine}"] = take(cameras, "cycles" if engine == "cycles" else "raster", **more)
        if name == "sun":
            scene.objects["Lamp"].rotation_euler.y *= 0.5
            cameras.scene_changed()
            pictures["moved raster"] = take(cameras, "raster", shadow_maps=True)
            pictures["many raster"] = np.array(refusal_of_many(scene, cameras))
        bpy.data.batch_remove([*scene.objects, *bpy.data.lights])
    store(pictures)


def refusal_of_many(scene: bpy.types.Scene, cameras: Cameras) -> str:
    """What is said of nine suns with shadows."""
    for number in range(8):
        put(scene, f"Sun {number}", scene.objects["Lamp"].data, Place((0.0, 0.0, 9.0)))
    cameras.scene_changed()
    try:
        take(cameras, "raster", shadow_maps=True)
    except RenderError as error:
        return str(error)
    return ""


def take(cameras: Cameras, engine: str, **more: Any) -> Any:
    """Radiance, with one sample in the middle of each pixel."""
    view = make_view(camera="Eye", width=SIDE, height=SIDE, passes=("rgb_linear",), engine=engine, samples=1, **more)
    return cameras.render(view)["rgb_linear"][..., 1]


if __name__ == "__main__":
    main()
