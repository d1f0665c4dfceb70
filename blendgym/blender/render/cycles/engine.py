"""Colours by Cycles, with all passes read from memory: no compositor, no file, no graphics stack."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.render.colours import encoded
from blendgym.blender.render.cycles.devices import taken_gpu
from blendgym.blender.render.cycles.motion_blur import MotionBlur
from blendgym.blender.render.shot import Changes, Shot, as_scene_camera, changed
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError

ENGINE = "BLENDGYM_CYCLES"

Layers = dict[str, NDArray[np.float32]]


class Cycles:
    """Renders light as it is.

    Args:
        loaded: The scene.
        motion_blur: Of its bodies.

    Raises:
        RenderError: If this Blender was built without Cycles.
    """

    def __init__(self, loaded: LoadedScene, motion_blur: MotionBlur) -> None:
        register()
        scene = loaded.scene
        self._loaded, self._scene, self._motion_blur = loaded, scene, motion_blur
        scene.render.use_persistent_data = True

    def scene_changed(self) -> None:
        """Nothing: Blender itself keeps track of what it renders."""

    def render(self, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        """The colours of a shot.

        Raises:
            DeviceNotFound: If a GPU is to render them, and there is none.
        """
        if not passes:
            return {}
        if shot.view.needs_gpu:
            taken_gpu()
        # Blender renders any scene at the frame of the one in its window.
        self._loaded.activate()
        radiance = self._radiance(shot)["Combined"][..., :3]
        exposure = self._scene.view_settings.exposure
        return {name: encoded(radiance, exposure) if name == "rgb" else radiance.copy() for name in passes}

    def _radiance(self, shot: Shot) -> Layers:
        if not shot.view.motion_blur:
            return rendered(self._scene, shot, _lit(self._scene, shot))
        scene = self._motion_blur.scene(shot.view.motion_blur)
        moved = shot._replace(camera=self._motion_blur.camera(shot.camera))
        return rendered(scene, moved, _lit(scene, moved))


def rendered(scene: bpy.types.Scene, shot: Shot, quality: Changes, annotations: Sequence[str] = ()) -> Layers:
    """Renders a scene; the passes by Blender's names."""
    wanted = {
        "use_pass_combined": True,
        "use_pass_z": "depth" in annotations,
        "use_pass_normal": "normals" in annotations,
        "use_pass_object_index": "segmentation" in annotations,
    }
    # It stays so: each time that it is set, Blender loses some 150 bytes (4.5).
    if scene.render.engine != ENGINE:
        scene.render.engine = ENGINE
    changes: Changes = [(scene.view_layers[0], wanted), *quality]
    with as_scene_camera(scene, shot), changed(changes):
        _render(scene)
    layers = _InMemory.layers
    if layers is None:
        raise RenderError(f"Cycles gave no image: {_InMemory.failure or 'see the log of the server'}.")
    return layers


def _render(scene: bpy.types.Scene) -> None:
    try:
        bpy.ops.render.render(scene=scene.name)
    except RuntimeError as error:  # What Cycles reports, such as kernels that a driver does not load.
        cure = " It may work with device='cpu'." if scene.cycles.device == "GPU" else ""
        raise RenderError(f"Cycles gave no image: {str(error).strip()}.{cure}") from None


def _lit(scene: bpy.types.Scene, shot: Shot) -> Changes:
    view, lens = shot.view, shot.camera.data.dof
    depth_of_field = {
        "use_dof": view.focus_distance > 0,
        "focus_object": None,
        "focus_distance": view.focus_distance or lens.focus_distance,
        "aperture_fstop": view.f_stop,
    }
    return [
        *_sampling(scene, view.samples_per_pixel, view.denoise, on_gpu=view.needs_gpu),
        (scene.cycles, {"max_bounces": view.bounces, "diffuse_bounces": view.bounces}),
        (lens, depth_of_field),
    ]


def unlit(scene: bpy.types.Scene, shot: Shot) -> Changes:
    """How annotations are rendered."""
    # Cycles sends the first sample of a pixel through its centre, but anywhere through the lens.
    return [
        *_sampling(scene, 1, denoise=False, on_gpu=False),
        (scene.cycles, {"max_bounces": 0}),
        (shot.camera.data.dof, {"use_dof": False}),
    ]


def _sampling(scene: bpy.types.Scene, samples: int, denoise: bool, on_gpu: bool) -> Changes:
    settings: dict[str, Any] = {
        "device": "GPU" if on_gpu else "CPU",
        "samples": samples,
        "use_adaptive_sampling": False,
        "use_denoising": denoise,
        "seed": 0,
        "use_animated_seed": False,
    }
    if hasattr(scene.cycles, "denoising_use_gpu"):  # 4.1 and later
        settings["denoising_use_gpu"] = on_gpu
    return [(scene.cycles, settings)]


@cache
def register() -> None:
    """Tells Blender of the engine, once.

    Raises:
        RenderError: If this Blender was built without Cycles.
    """
    if "cycles" not in bpy.context.preferences.addons:
        raise RenderError("This Blender has no Cycles; raster, workbench and eevee do not need it.")
    bpy.utils.register_class(_InMemory)


def _make_engine() -> type:
    import cycles

    class InMemory(cycles.CyclesRender):  # type: ignore[misc]
        """Cycles, whose passes are kept in memory, row 0 on top, instead of shown."""

        bl_idname = ENGINE
        bl_label = "Cycles for blendgym"
        layers: ClassVar[Layers | None] = None
        failure: ClassVar[str] = ""

        def render(self, depsgraph: bpy.types.Depsgraph) -> None:
            """Called by Blender."""
            InMemory.layers, InMemory.failure = None, ""
            try:
                super().render(depsgraph)
                InMemory.layers = _read(self.get_result())
            except Exception as error:  # Blender would print it and go on.
                InMemory.failure = repr(error)

    return InMemory


_InMemory: Any = _make_engine()


def _read(result: Any) -> Layers:
    """The passes by name. They lie one after the other, bottom row first."""
    passes = result.layers[0].passes
    width, height = result.resolution_x, result.resolution_y
    channels = {name if name not in compat.INDEX_PASSES else "index": each.channels for name, each in passes.items()}
    values = np.empty(sum(channels.values()) * width * height, np.float32)
    passes.foreach_get("rect", values)
    ends = np.cumsum([count * width * height for count in channels.values()])[:-1]
    parts = np.split(values, ends)
    return {
        name: part.reshape(height, width, count)[::-1]
        for (name, count), part in zip(channels.items(), parts, strict=True)
    }
