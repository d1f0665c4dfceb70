"""Images by Workbench and EEVEE, drawn as a 3D view into an offscreen buffer: no window, no file, no compositor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import gpu
import numpy as np
from mathutils import Color, Matrix
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.render.colours import encoded
from blendgym.blender.render.instances import Instances
from blendgym.blender.render.raster.lighting import sky_of
from blendgym.blender.render.raster.targets import Recent, read
from blendgym.blender.render.shader_nodes.surfaces import Surfaces
from blendgym.blender.render.shot import Changes, Shot, apply
from blendgym.blender.render.viewport.solid_colours import show_materials
from blendgym.blender.render.visibility import require_no_holdouts, require_own_visibility
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError
from blendgym.geometry import FLIP_YZ

UNSEEN_SCREEN = "Modeling"
"""Its 3D view is set up as that of the screen that a window shows."""

STUDIO_SHADING: dict[str, Any] = {
    "type": "SOLID",
    "light": "STUDIO",
    "studio_light": "paint.sl",
    "background_type": "WORLD",
    "show_specular_highlight": True,
    "show_object_outline": False,
    "show_shadows": False,
}
"""How Workbench draws."""

_FIRST_ROW_LAST = np.diag([1.0, -1.0, 1.0, 1.0])


class ViewportEngine:
    """What Workbench and EEVEE have in common.

    Args:
        loaded: The scene.
    """

    def __init__(self, loaded: LoadedScene) -> None:
        self._loaded, self._scene = loaded, loaded.scene
        self._space, self._region = _view_3d()
        self._space.overlay.show_overlays = False
        self._buffers = Recent(lambda width, height, name: gpu.types.GPUOffScreen(width, height, format=name))

    def scene_changed(self) -> None:
        """Nothing: Blender itself keeps track of what it draws."""

    def render(self, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        """The colours of a shot."""
        # Left as it is: Blender would prepare the 3D view afresh for every image.
        if passes and apply(self._style(shot)):
            self._loaded.updated_depsgraph()  # Otherwise the first image of EEVEE has another light (4.5).
        return {name: self._draw(shot, name == "rgb") for name in passes}

    def _style(self, shot: Shot) -> Changes:
        """How the 3D view has to be set."""
        raise NotImplementedError

    def _draw(self, shot: Shot, for_screen: bool) -> NDArray[Any]:
        buffer = self._buffers(*shot.size, "RGBA8" if for_screen else "RGBA32F")
        buffer.draw_view3d(
            self._scene,
            self._loaded.view_layer,
            self._space,
            self._region,
            Matrix((FLIP_YZ @ shot.world_to_camera).tolist()),
            Matrix((_FIRST_ROW_LAST @ shot.clip_matrix @ FLIP_YZ).tolist()),
            do_color_management=for_screen,
        )
        return np.ascontiguousarray(read(buffer.texture_color, 4)[::-1, :, :3])


class Workbench(ViewportEngine):
    """A studio light that goes with the camera, in colours as in renders; the scene's own lights play no part.

    Args:
        loaded: The scene.
        instances: What is seen of it.
        surfaces: What that looks like.
    """

    def __init__(self, loaded: LoadedScene, instances: Instances, surfaces: Surfaces) -> None:
        super().__init__(loaded)
        require_no_holdouts(loaded)
        self._instances, self._surfaces = instances, surfaces
        self._colour_type = ""

    def scene_changed(self) -> None:
        """Materials and background may be others than before."""
        self._colour_type = ""

    def _style(self, shot: Shot) -> Changes:
        samples = shot.view.samples_per_pixel
        anti_aliasing = {"viewport_aa": "OFF" if samples == 1 else str(samples)}
        if not self._colour_type:
            self._colour_type = "TEXTURE" if show_materials(self._instances, self._surfaces) else "MATERIAL"
            sky = sky_of(self._scene)
            if self._scene.world:
                apply([(self._scene.world, {"color": Color(sky)})])
            self._loaded.updated_depsgraph()
        shading = STUDIO_SHADING | {"color_type": self._colour_type}
        return [(self._space.shading, shading), (bpy.context.preferences.system, anti_aliasing)]

    def _draw(self, shot: Shot, for_screen: bool) -> NDArray[Any]:
        exposure = self._scene.view_settings.exposure
        if exposure == 0.0 or not for_screen:
            return super()._draw(shot, for_screen)
        # Blender exposes only pictures under the scene's own lights.
        return encoded(super()._draw(shot, for_screen=False), exposure)


class Eevee(ViewportEngine):
    """Blender's real-time engine under the scene's own lights. Without a GPU its first image takes 10 to 20 s."""

    def __init__(self, loaded: LoadedScene) -> None:
        super().__init__(loaded)
        require_own_visibility(loaded)
        self._identifier = compat.eevee_identifier(loaded.scene)
        compat.turn_on_eevee_shadows(loaded.scene)

    def _style(self, shot: Shot) -> Changes:
        shading = {"type": "RENDERED", "use_scene_lights_render": True, "use_scene_world_render": True}
        return [
            (self._scene.render, {"engine": self._identifier}),
            (self._scene.eevee, {"taa_samples": shot.view.samples_per_pixel}),
            (self._space.shading, shading),
        ]


def _view_3d() -> tuple[Any, Any]:
    """A 3D view of Blender's start-up file, which drawing needs although nobody sees it, not even in a window."""
    screen = bpy.data.screens.get(UNSEEN_SCREEN)
    for area in screen.areas if screen else ():
        if area.type == "VIEW_3D":
            return area.spaces.active, next(region for region in area.regions if region.type == "WINDOW")
    raise RenderError(
        f"Blender has no screen {UNSEEN_SCREEN!r} with a 3D view to draw; start it with its factory settings."
    )
