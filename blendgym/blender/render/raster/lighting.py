"""Lights and background as the rasteriser understands them: a plain sky, and lamps without textures."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.render.raster.shaders import MAX_LIGHTS
from blendgym.blender.render.shader_nodes.nodes import Nodes
from blendgym.blender.render.shader_nodes.terms import NotMatt, product
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError

Colour = tuple[float, float, float]

_KINDS = {"SUN": 0.0, "POINT": 1.0, "SPOT": 2.0, "AREA": 3.0}


def sky_of(scene: bpy.types.Scene) -> Colour:
    """Radiance of the background, the same in all directions.

    Raises:
        RenderError: If it is not; the message says which engines can render it.
    """
    world = scene.world
    if world is None:
        return 0.0, 0.0, 0.0
    if not (world.use_nodes and world.node_tree):
        return _triple(world.color)
    try:
        if world.node_tree.get_output_node("CYCLES").inputs["Volume"].is_linked:
            raise NotMatt("is filled by a volume")
        colour = _emitted(world.node_tree.get_output_node("CYCLES").inputs["Surface"], "BACKGROUND")
    except NotMatt as fault:
        raise RenderError(
            f"Engines 'raster' and 'workbench' know only a background of one colour; world {world.name!r} {fault}. "
            "eevee and cycles render it."
        ) from None
    return colour


class Lights(NamedTuple):
    """The lights of a scene, as the surface shader reads them: suns, then lamps; of both first those with shadows.

    Args:
        suns: How many shine from infinitely far.
        lamps: How many have a place.
        shadowing_suns: How many of the suns have shadows.
        shadowing_spots: How many of the lamps have shadows; all are spots.
        values: (suns + lamps, 3, 4): place and kind; axis and cosine of the outer cone; power and cosine of the inner.
        change: Whether the file lets one of them change while an episode runs, as when it rides on a body.
    """

    suns: int
    lamps: int
    shadowing_suns: int
    shadowing_spots: int
    values: NDArray[np.float32]
    change: bool

    @property
    def shadowing(self) -> list[int]:
        """Rows of the lights with shadows."""
        return [*range(self.shadowing_suns), *range(self.suns, self.suns + self.shadowing_spots)]


def lights_of(loaded: LoadedScene) -> Lights:
    """The lights of a scene.

    Raises:
        RenderError: If there are more than the shader takes, or one that shines in another way than it knows.
    """
    objects = loaded.scene.objects
    lights = [loaded.evaluated(obj) for obj in objects if obj.type == "LIGHT" and not obj.hide_render]
    if len(lights) > MAX_LIGHTS:
        raise RenderError(f"Engine 'raster' takes at most {MAX_LIGHTS} lights, the scene has {len(lights)}.")
    lights.sort(key=lambda obj: not _has_shadows(obj))
    suns = [obj for obj in lights if obj.data.type == "SUN"]
    lamps = [obj for obj in lights if obj.data.type != "SUN"]
    values = np.array([_light(obj) for obj in suns + lamps], np.float32).reshape(-1, 3, 4)
    change = any(_is_moving(obj.original) for obj in lights)
    return Lights(len(suns), len(lamps), sum(map(_has_shadows, suns)), sum(map(_has_shadows, lamps)), values, change)


def has_keys(owner: Any) -> bool:
    """Whether keys or drivers change an object, a lamp or a background, or the nodes of that."""
    parts = (owner, getattr(owner, "data", None))
    trees = (getattr(part, "node_tree", None) for part in parts)
    return any(each.animation_data for each in (*parts, *trees) if each is not None)


def _is_moving(obj: bpy.types.Object) -> bool:
    return obj.parent is not None or bool(obj.constraints) or has_keys(obj)


def _has_shadows(obj: bpy.types.Object) -> bool:
    return obj.data.type in ("SUN", "SPOT") and compat.casts_shadows(obj.data)


def _light(obj: bpy.types.Object) -> list[list[float]]:
    data, pose = obj.data, obj.matrix_world.normalized()
    axis = -pose.to_3x3().col[2]
    outer = inner = -1.0
    if data.type == "SPOT":
        outer = math.cos(data.spot_size / 2)
        # Cycles blends linearly in the cosine, not in the angle.
        inner = outer + (1.0 - outer) * data.spot_blend
    return [[*pose.to_translation(), _KINDS[data.type]], [*axis, outer], [*_power(obj), inner]]


def _power(obj: bpy.types.Object) -> list[float]:
    """Red, green and blue of a light: W, or W/m² of a sun."""
    data = obj.data
    try:
        if any(compat.light_linking(obj)):
            raise NotMatt("shines on some objects only")
        if not getattr(data, "normalize", True):
            raise NotMatt("has a power for each unit of its area")
        emitted = (1.0, 1.0, 1.0)
        if data.use_nodes and data.node_tree:
            emitted = _emitted(data.node_tree.get_output_node("CYCLES").inputs["Surface"], "EMISSION")
    except NotMatt as fault:
        raise RenderError(f"Light {obj.name!r} {fault}, which engine 'raster' cannot show; cycles can.") from None
    warmth = data.temperature_color if getattr(data, "use_temperature", False) else (1.0, 1.0, 1.0)
    strength = data.energy * 2.0 ** getattr(data, "exposure", 0.0)
    return [strength * channel for channel in np.prod([data.color, warmth, emitted], axis=0).tolist()]


def _emitted(socket: Any, kind: str) -> Colour:
    """What the one shader of a background or a lamp emits.

    Raises:
        NotMatt: If it is another shader, or does not emit the same everywhere.
    """
    nodes = Nodes()
    output = nodes.source(socket)
    if output is None:
        return 0.0, 0.0, 0.0
    node = output.node
    if node.type != kind:
        raise NotMatt(f"uses node {node.name!r} ({node.bl_label})")
    emitted = product(nodes.term(node.inputs["Color"]), nodes.number(node.inputs["Strength"]))
    if not emitted.is_constant:
        raise NotMatt("has an image")
    return _triple(emitted.offset)


def _triple(colour: Any) -> Colour:
    return float(colour[0]), float(colour[1]), float(colour[2])
