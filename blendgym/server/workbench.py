"""Images by Blender's Workbench engine, drawn into an offscreen buffer without a display."""

from __future__ import annotations

from typing import Any

import bpy
import gpu
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import RenderError
from blendgym.server import compat
from blendgym.server.system_libraries import require_egl

MAX_SIDE = 8192  # pixels


class Workbench:
    """Renders the cameras of a scene as a solid 3D view with studio light and anti-aliasing.

    Args:
        scene: The active scene.

    Raises:
        SystemLibraryMissing: If there is no EGL, without which Blender would abort at the first frame.
    """

    def __init__(self, scene: bpy.types.Scene) -> None:
        require_egl()
        compat.make_gpu_context()
        self._scene = scene
        self._space, self._region = _view_3d()
        self._buffers: dict[tuple[int, int], gpu.types.GPUOffScreen] = {}
        _style(self._space)

    def render(self, camera: bpy.types.Object, width: int, height: int) -> NDArray[np.uint8]:
        """The view of a camera: ``uint8 (height, width, 3)``, sRGB, row 0 on top.

        Raises:
            RenderError: If the size is not from 1 to 8192 pixels.
        """
        for side, length in (("width", width), ("height", height)):
            if not 1 <= length <= MAX_SIDE:
                raise RenderError(f"The {side} of an image is {length}; expected 1 to {MAX_SIDE} pixels.")
        depsgraph = bpy.context.evaluated_depsgraph_get()
        buffer = self._buffer(width, height)
        buffer.draw_view3d(
            self._scene,
            bpy.context.view_layer,
            self._space,
            self._region,
            camera.matrix_world.inverted(),
            camera.calc_matrix_camera(depsgraph, x=width, y=height),
            do_color_management=True,
        )
        pixels = buffer.texture_color.read()
        # The buffer reports wrong strides for more than one dimension (4.5), so it is read flat.
        pixels.dimensions = width * height * 4
        image = np.array(pixels, copy=False).reshape(height, width, 4)
        return np.ascontiguousarray(image[::-1, :, :3])

    def _buffer(self, width: int, height: int) -> gpu.types.GPUOffScreen:
        if (width, height) not in self._buffers:
            self._buffers[width, height] = gpu.types.GPUOffScreen(width, height)
        return self._buffers[width, height]


def _view_3d() -> tuple[Any, Any]:
    """The 3D view of Blender's start-up window, which drawing needs although nobody sees it."""
    for area in bpy.context.window.screen.areas:
        if area.type == "VIEW_3D":
            return area.spaces.active, next(region for region in area.regions if region.type == "WINDOW")
    raise RenderError("Blender's start-up window has no 3D view to draw; start it with its factory settings.")


def _style(space: Any) -> None:
    bpy.context.preferences.system.viewport_aa = "FXAA"
    space.overlay.show_overlays = False
    shading = space.shading
    shading.type = "SOLID"
    shading.light = "STUDIO"
    shading.studio_light = "paint.sl"
    shading.color_type = "MATERIAL"
    shading.background_type = "WORLD"
    shading.show_specular_highlight = True
    shading.show_shadows = True
    shading.shadow_intensity = 0.3
