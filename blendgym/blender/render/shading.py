"""Lights, background and materials as the rasteriser understands them: matt and emitting surfaces, plain sky."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.render.shaders import MAX_LIGHTS
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError

Colour = tuple[float, float, float]

_KINDS = {"SUN": 0.0, "POINT": 1.0, "SPOT": 2.0, "AREA": 3.0}


class Surface(NamedTuple):
    """What a material looks like.

    Args:
        colour: Albedo, linear RGB.
        emission: Radiance that it emits, linear RGB.
        image: Texture that multiplies the albedo, if it has one.
        repetitions: Of the texture for each unit of the UV map.
    """

    colour: Colour
    emission: Colour
    image: bpy.types.Image | None = None
    repetitions: float = 1.0


BLACK = Surface((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
"""What a holdout looks like."""

_NO_MATERIAL = Surface((0.8, 0.8, 0.8), (0.0, 0.0, 0.0))


def surface_of(material: bpy.types.Material | None) -> Surface:
    """Reads a material: a Principled BSDF or an Emission at its output, otherwise its colour in the viewport.

    All surfaces are matt here, metals too.
    """
    if material is None:
        return _NO_MATERIAL
    node = _shader_at_output(material)
    if node is not None and node.type == "BSDF_PRINCIPLED":
        return _principled(node)
    if node is not None and node.type == "EMISSION":
        return Surface((0.0, 0.0, 0.0), _scaled(node.inputs["Color"], node.inputs["Strength"]))
    return Surface(_triple(material.diffuse_color), (0.0, 0.0, 0.0))


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
    nodes = [node for node in world.node_tree.nodes if node.type == "BACKGROUND"]
    if len(nodes) != 1 or nodes[0].inputs["Color"].is_linked:
        raise RenderError(
            f"Engine 'raster' knows only a background of one colour; world {world.name!r} has another. "
            "eevee and cycles render it."
        )
    return _scaled(nodes[0].inputs["Color"], nodes[0].inputs["Strength"])


class Lights(NamedTuple):
    """The lights of a scene, as the surface shader reads them.

    Args:
        suns: How many shine from infinitely far.
        lamps: How many have a place.
        values: (suns + lamps, 3, 4): place and kind; axis and cosine of the outer cone; power and cosine of the inner.
    """

    suns: int
    lamps: int
    values: NDArray[np.float32]


def lights_of(loaded: LoadedScene) -> Lights:
    """The lights of a scene.

    Raises:
        RenderError: If there are more than the shader takes.
    """
    objects = loaded.scene.objects
    lights = [loaded.evaluated(obj) for obj in objects if obj.type == "LIGHT" and not obj.hide_render]
    if len(lights) > MAX_LIGHTS:
        raise RenderError(f"Engine 'raster' takes at most {MAX_LIGHTS} lights, the scene has {len(lights)}.")
    suns = [obj for obj in lights if obj.data.type == "SUN"]
    lamps = [obj for obj in lights if obj.data.type != "SUN"]
    values = np.array([_light(obj) for obj in suns + lamps], np.float32).reshape(-1, 3, 4)
    return Lights(len(suns), len(lamps), values)


def _light(obj: bpy.types.Object) -> list[list[float]]:
    data, pose = obj.data, obj.matrix_world.normalized()
    axis = -pose.to_3x3().col[2]
    outer = inner = -1.0
    if data.type == "SPOT":
        outer = math.cos(data.spot_size / 2)
        # Cycles blends linearly in the cosine, not in the angle.
        inner = outer + (1.0 - outer) * data.spot_blend
    colour = [channel * data.energy * 2.0 ** getattr(data, "exposure", 0.0) for channel in data.color]
    return [[*pose.to_translation(), _KINDS[data.type]], [*axis, outer], [*colour, inner]]


def _shader_at_output(material: bpy.types.Material) -> Any:
    if not (material.use_nodes and material.node_tree):
        return None
    output = material.node_tree.get_output_node("ALL")
    if output is None or not output.inputs["Surface"].is_linked:
        return None
    return output.inputs["Surface"].links[0].from_node


def _principled(node: Any) -> Surface:
    colour, texture = _base(node.inputs["Base Color"])
    emission = _scaled(compat.emission_input(node), node.inputs["Emission Strength"])
    if texture is None:
        return Surface(colour, emission)
    return Surface(colour, emission, texture.image, _repetitions(texture))


def _base(base: Any) -> tuple[Colour, Any]:
    """A colour, and the node of the image that it multiplies, if any."""
    source = _source(base)
    if source is not None and source.type == "VECT_MATH" and source.operation == "MULTIPLY":
        return _triple(source.inputs[1].default_value), _image_node(_source(source.inputs[0]))
    texture = _image_node(source)
    return (1.0, 1.0, 1.0) if texture else _triple(base.default_value), texture


def _image_node(node: Any) -> Any:
    return node if node is not None and node.type == "TEX_IMAGE" and node.image else None


def _source(socket: Any) -> Any:
    """The node that a socket is linked to, if any."""
    return socket.links[0].from_node if socket.is_linked else None


def _repetitions(texture: Any) -> float:
    mapping = _source(texture.inputs["Vector"])
    return float(mapping.inputs["Scale"].default_value[0]) if mapping and mapping.type == "MAPPING" else 1.0


def _scaled(colour: Any, strength: Any) -> Colour:
    red, green, blue = _triple(colour.default_value)
    factor = strength.default_value
    return red * factor, green * factor, blue * factor


def _triple(colour: Any) -> Colour:
    return float(colour[0]), float(colour[1]), float(colour[2])
