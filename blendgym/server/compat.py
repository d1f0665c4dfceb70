"""The differences between the Blender versions that are supported, probed wherever a probe can tell."""

from __future__ import annotations

import bpy
import gpu


def make_gpu_context() -> None:
    """Makes sure that offscreen drawing has a GPU context, in a Blender without a window."""
    if hasattr(gpu, "init"):  # 5.2 and later
        gpu.init()
        return
    # Before 5.2 only a render makes the context ("GPU functions ... not available in background mode").
    scene = bpy.context.scene
    render = scene.render
    engine, size = render.engine, (render.resolution_x, render.resolution_y, render.resolution_percentage)
    render.engine = "BLENDER_WORKBENCH"
    render.resolution_x, render.resolution_y, render.resolution_percentage = 4, 4, 100
    bpy.ops.render.render()
    render.engine = engine
    render.resolution_x, render.resolution_y, render.resolution_percentage = size
