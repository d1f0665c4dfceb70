"""Images by Cycles, with all passes read from memory: no compositor, no file, no graphics stack."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.render.colours import encoded
from blendgym.blender.render.instances import Instances
from blendgym.blender.render.motion_blur import MotionBlur
from blendgym.blender.render.shot import Changes, Shot, as_scene_camera, changed
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError

ENGINE = "BLENDGYM_CYCLES"
INDEX_BASE = 32768  # Blender's pass index has 15 bits.

Layers = dict[str, NDArray[np.float32]]


class Cycles:
    """Renders light as it is, and annotations with one ray through the centre of each pixel.

    Args:
        loaded: The scene.
        instances: Ids of its objects.
        motion_blur: Of its bodies.

    Raises:
        RenderError: If this Blender was built without Cycles.
    """

    def __init__(self, loaded: LoadedScene, instances: Instances, motion_blur: MotionBlur) -> None:
        _register()
        scene = loaded.scene
        self._loaded, self._scene, self._instances, self._motion_blur = loaded, scene, instances, motion_blur
        scene.render.use_persistent_data = True
        scene.render.use_compositing = scene.render.use_sequencer = scene.render.use_motion_blur = False
        self._number(digit=0)

    def scene_changed(self) -> None:
        """Nothing: Blender itself keeps track of what it renders."""

    def render(self, shot: Shot) -> dict[str, NDArray[Any]]:
        """All passes of a shot."""
        # Blender renders any scene at the frame of the one in its window.
        self._loaded.activate()
        colours, annotations = shot.view.colours, shot.view.annotations
        if colours and annotations and _is_sharp(shot):
            layers = _layers(self._scene, shot, annotations, _lit(self._scene, shot))
            return self._colours(layers, colours) | self._annotations(layers, shot, annotations)
        images: dict[str, NDArray[Any]] = {}
        if colours:
            images.update(self._colours(self._radiance(shot), colours))
        if annotations:
            layers = _layers(self._scene, shot, annotations, _unlit(self._scene))
            images.update(self._annotations(layers, shot, annotations))
        return images

    def pixels_alone(self, shot: Shot, ids: Sequence[int]) -> dict[int, int]:
        """How many pixels each object would cover if there were no other."""
        return {number: self._covered(shot, self._instances.name_of(number)) for number in ids}

    def _covered(self, shot: Shot, name: str) -> int:
        alone = self._loaded.objects.get(name)
        others = [obj for obj in self._loaded.view_layer.objects if obj != alone and not obj.hide_render]
        with changed([(obj, {"hide_render": True}) for obj in others]):
            layers = _layers(self._scene, shot, ("depth",), _unlit(self._scene))
        # Not the index, whose 15 bits are 0 for some ids.
        return int(np.count_nonzero(layers["Depth"] < shot.far))

    def _radiance(self, shot: Shot) -> Layers:
        if not shot.view.motion_blur:
            return _layers(self._scene, shot, (), _lit(self._scene, shot))
        scene = self._motion_blur.scene(shot.view.motion_blur)
        moved = shot._replace(camera=self._motion_blur.camera(shot.camera))
        return _layers(scene, moved, (), _lit(scene, moved))

    def _colours(self, layers: Layers, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        radiance = layers["Combined"][..., :3]
        exposure = self._scene.view_settings.exposure
        return {name: encoded(radiance, exposure) if name == "rgb" else radiance.copy() for name in passes}

    def _annotations(self, layers: Layers, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        images: dict[str, NDArray[Any]] = {}
        if "depth" in passes:
            images["depth"] = np.minimum(layers["Depth"][..., 0], np.float32(shot.far))
        if "normals" in passes:
            images["normals"] = _in_camera(layers["Normal"], shot)
        if "segmentation" in passes:
            images["segmentation"] = self._ids(layers, shot)
        return images

    def _ids(self, layers: Layers, shot: Shot) -> NDArray[np.int32]:
        """One render shows 15 bits of the ids; with more objects than that, another one shows the rest."""
        ids = layers["index"][..., 0].astype(np.int32)
        if len(self._instances.ids) < INDEX_BASE:
            return ids
        self._number(digit=1)
        high = _layers(self._scene, shot, ("segmentation",), _unlit(self._scene))["index"][..., 0]
        self._number(digit=0)
        return ids + INDEX_BASE * high.astype(np.int32)

    def _number(self, digit: int) -> None:
        for obj in self._scene.objects:
            index = self._instances.ids.get(self._loaded.name_of(obj), 0) // INDEX_BASE**digit % INDEX_BASE
            if obj.pass_index != index:
                obj.pass_index = index


def _layers(scene: bpy.types.Scene, shot: Shot, annotations: Sequence[str], quality: Changes) -> Layers:
    """Renders a scene; the passes by Blender's names."""
    wanted = {
        "use_pass_combined": True,
        "use_pass_z": "depth" in annotations,
        "use_pass_normal": "normals" in annotations,
        "use_pass_object_index": "segmentation" in annotations,
    }
    changes: Changes = [(scene.render, {"engine": ENGINE}), (scene.view_layers[0], wanted), *quality]
    with as_scene_camera(scene, shot), changed(changes):
        bpy.ops.render.render(scene=scene.name)
    layers = _InMemory.layers
    if layers is None:
        raise RenderError(f"Cycles gave no image: {_InMemory.failure or 'see the log of the server'}.")
    return layers


def _is_sharp(shot: Shot) -> bool:
    """Whether one sample in the middle of each pixel gives the colours, too."""
    view = shot.view
    return view.samples_per_pixel == 1 and not (view.denoise or view.motion_blur or view.focus_distance)


def _lit(scene: bpy.types.Scene, shot: Shot) -> Changes:
    view, lens = shot.view, shot.camera.data.dof
    depth_of_field = {
        "use_dof": view.focus_distance > 0,
        "focus_object": None,
        "focus_distance": view.focus_distance or lens.focus_distance,
        "aperture_fstop": view.f_stop,
    }
    return [
        *_sampling(scene, view.samples_per_pixel, view.denoise),
        (scene.cycles, {"max_bounces": view.bounces, "diffuse_bounces": view.bounces}),
        (lens, depth_of_field),
    ]


def _unlit(scene: bpy.types.Scene) -> Changes:
    # Cycles sends the first sample of a pixel through its centre.
    return [*_sampling(scene, 1, denoise=False), (scene.cycles, {"max_bounces": 0})]


def _sampling(scene: bpy.types.Scene, samples: int, denoise: bool) -> Changes:
    settings = {
        "samples": samples,
        "use_adaptive_sampling": False,
        "use_denoising": denoise,
        "seed": 0,
        "use_animated_seed": False,
    }
    return [(scene.cycles, settings)]


def _in_camera(normals: NDArray[np.float32], shot: Shot) -> NDArray[np.float32]:
    rotation = shot.world_to_camera[:3, :3].astype(np.float32)
    turned = normals @ rotation.T
    length = np.linalg.norm(turned, axis=2, keepdims=True)
    return turned / np.where(length > 0, length, 1)


@cache
def _register() -> None:
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
