"""One scene under each setting of a file that could reach some engines and not others."""

from __future__ import annotations

import bpy
from analytic.known import Place
from analytic.making import block, camera, put

from blendgym.blender.render.cameras import Cameras
from blendgym.blender.render.render_values import show_render_values
from blendgym.blender.render.settings import neutralize
from blendgym.blender.scenes import LoadedScene
from blendgym.images.views import make_view
from pictures.changes import ANNOTATIONS, COLOURS, ENGINES, SETTINGS, SKY
from pictures.taking import Pictures, store


def green() -> bpy.types.Material:
    material = bpy.data.materials.new("Green")
    material.use_nodes = True
    material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (0.0, 1.0, 0.0, 1.0)
    return material


def build() -> bpy.types.Scene:
    """Blocks at several depths before a plain sky, under a sun."""
    scene = bpy.data.scenes.new("Blocks")
    bpy.context.window.scene = scene
    for number in range(5):
        put(scene, f"Block {number}", block("Block", (0.6, 0.6, 0.6)), Place((number - 2.0, number / 2 - 1.0, 0.0)))
    scene.objects["Block 3"].modifiers.new("Refined", "SUBSURF").levels = 0
    scene.objects["Block 3"].modifiers["Refined"].render_levels = 0
    sun = bpy.data.lights.new("Sun", "SUN")
    sun.energy, sun.angle = 2.0, 0.0
    put(scene, "Sun", sun, Place((0.0, 0.0, 5.0), (35.0, 17.0, 0.0)))
    put(scene, "Sample", block("Sample", (0.1, 0.1, 0.1)), Place((0.0, -20.0, 0.0))).data.materials.append(green())
    camera(scene, "Eye", Place((0.03, -8.0, 1.0), (84.0, 0.0, 0.0)))
    scene.world = bpy.data.worlds.new("Sky")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (*SKY, 1.0)
    scene.world.color = SKY
    return scene


def main() -> None:
    pictures: Pictures = {}
    scene = build()
    cameras = Cameras(LoadedScene(scene), lambda seconds: {})
    for name, change in SETTINGS.items():
        change(scene)
        loaded = LoadedScene(scene)
        neutralize(scene, loaded.view_layer)  # EEVEE takes seconds to begin with other cameras.
        assert not show_render_values(loaded)
        for engine in ENGINES:
            for passes in (COLOURS, ANNOTATIONS):
                view = make_view(camera="Eye", width=80, height=60, passes=passes, engine=engine)
                images = cameras.render(view)
                pictures |= {f"{name} {engine} {each}": images[each] for each in passes}
    store(pictures)


if __name__ == "__main__":
    main()
