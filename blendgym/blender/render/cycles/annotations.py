"""Annotations by Cycles, for machines without a graphics stack: one ray through the centre of each pixel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.blender.render.cycles.engine import Layers, register, rendered, unlit
from blendgym.blender.render.instances import Instances
from blendgym.blender.render.shader_nodes.surfaces import Surfaces
from blendgym.blender.render.shot import Shot, changed
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError
from blendgym.geometry import Box

INDEX_BASE = 32768  # Blender's pass index has 15 bits.


class CyclesAnnotations:
    """Depth, normals and ids of objects; Cycles has none for instances.

    Args:
        loaded: The scene.
        instances: All that can be seen.
        surfaces: What it looks like.

    Raises:
        RenderError: If this Blender was built without Cycles.
    """

    def __init__(self, loaded: LoadedScene, instances: Instances, surfaces: Surfaces) -> None:
        register()
        self._loaded, self._instances, self._surfaces = loaded, instances, surfaces

    def render(self, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Depth, normals or segmentation of a shot.

        Raises:
            RenderError: If there are surfaces that are less than opaque, or instances whose ids are asked for.
        """
        if not passes:
            return {}
        self._refuse_what_is_dithered()
        if "segmentation" in passes:
            self._refuse_instances()
        self._number(digit=0)
        layers = self._layers(shot, passes)
        images: dict[str, NDArray[Any]] = {}
        if "depth" in passes:
            images["depth"] = _depth(layers, shot)
        if "normals" in passes:
            images["normals"] = _in_camera(layers["Normal"], shot)
        if "segmentation" in passes:
            images["segmentation"] = self._ids(layers, shot)
        return images

    def pixels_alone(self, shot: Shot, boxes: Mapping[int, Box]) -> dict[int, int]:
        """How many pixels things would cover if there were no other.

        Args:
            shot: What is looked at.
            boxes: Around each, by id.
        """
        return {number: self._covered(shot, self._instances.entry(number).name) for number in boxes}

    def _covered(self, shot: Shot, name: str) -> int:
        alone = self._loaded.objects.get(name)
        others = [obj for obj in self._loaded.view_layer.objects if obj != alone and not obj.hide_render]
        with changed([(obj, {"hide_render": True}) for obj in others]):
            layers = self._layers(shot.drawn, ("depth",))
        # Not the index, whose 15 bits are 0 for some ids.
        return shot.count(_depth(layers, shot.drawn) < shot.far)

    def _layers(self, shot: Shot, passes: Sequence[str]) -> Layers:
        self._loaded.activate()  # Blender renders any scene at the frame of the one in its window.
        return rendered(self._loaded.scene, shot, unlit(self._loaded.scene, shot), passes)

    def _ids(self, layers: Layers, shot: Shot) -> NDArray[np.int32]:
        """One render shows 15 bits of the ids; with more objects than that, another one shows the rest."""
        ids = layers["index"][..., 0].astype(np.int32)
        if len(self._instances) < INDEX_BASE:
            return ids
        self._number(digit=1)
        return ids + INDEX_BASE * self._layers(shot, ("segmentation",))["index"][..., 0].astype(np.int32)

    def _number(self, digit: int) -> None:
        for obj in self._loaded.scene.objects:
            index = self._instances.id_of(self._loaded.name_of(obj)) // INDEX_BASE**digit % INDEX_BASE
            if obj.pass_index != index:
                obj.pass_index = index

    def _refuse_what_is_dithered(self) -> None:
        for instance in self._instances.visible():
            if not all(surface.is_solid for surface in self._surfaces.of_slots(instance.object)):
                raise RenderError(
                    f"{self._instances.entry(instance.id).name!r} shines through; without a graphics stack its "
                    "ids would be random dots. Install one (blendgym doctor says how), or make it opaque in Blender."
                )

    def _refuse_instances(self) -> None:
        for instance in self._instances.visible():
            if self._instances.is_multiplied(instance.id):
                raise RenderError(
                    f"{self._instances.entry(instance.id).name!r} is an instance, which has no id of its own without "
                    "a graphics stack. Install one (blendgym doctor says how), make instances real in Blender, or ask "
                    "for passes without ids (objects=False)."
                )


def _depth(layers: Layers, shot: Shot) -> NDArray[np.float32]:
    far = np.float32(shot.far)
    depth = layers["Depth"][..., 0]
    if not shot.projection.is_fisheye:
        return np.minimum(depth, far)
    # Through a fisheye Cycles measures along the ray, and gives 0 where there is none.
    cosines = shot.projection.rays(*shot.size)[..., 2]
    return np.where((depth < far) & np.isfinite(cosines), depth * cosines, far).astype(np.float32)


def _in_camera(normals: NDArray[np.float32], shot: Shot) -> NDArray[np.float32]:
    rotation = shot.world_to_camera[:3, :3].astype(np.float32)
    turned = normals @ rotation.T
    length = np.linalg.norm(turned, axis=2, keepdims=True)
    return turned / np.where(length > 0, length, 1)
