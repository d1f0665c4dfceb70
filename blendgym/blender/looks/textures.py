"""Textures that are made here, without files: shades by which the colour of a material is multiplied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.parameters.draws import keyed_generator
from blendgym.parameters.textures import PLAIN, TEXTURES

PIXELS = 256  # of each side
DARK = 0.45
"""The darkest shade; the lightest is 1."""

Shades = NDArray[np.float64]
"""From 0 (dark) to 1 (light): (PIXELS, PIXELS), repeating without a seam."""

_PREFIX = ".blendgym texture: "  # Blender hides names with a dot.
_TINT, _TEXTURE, _NOTHING = "blendgym tint", "blendgym texture", "blendgym nothing"
_NODES = {
    _TINT: "ShaderNodeVectorMath",
    _TEXTURE: "ShaderNodeTexImage",
    "blendgym mapping": "ShaderNodeMapping",
    "blendgym coordinates": "ShaderNodeTexCoord",
    _NOTHING: "ShaderNodeTexImage",
}
"""The nodes of a texture and their types."""


def texture_of(material: bpy.types.Material) -> int:
    """The number of the texture that a material has, in ``TEXTURES``."""
    node = material.node_tree.nodes.get(_TEXTURE)
    return TEXTURES.index(node.image.name.removeprefix(_PREFIX)) if node else TEXTURES.index(PLAIN)


def put_texture(material: bpy.types.Material, base: Any, number: int, size: float) -> None:
    """Gives a material a texture instead of the one that it has.

    Args:
        material: With nodes.
        base: The input of its shader that takes its colour.
        number: Of the texture, in ``TEXTURES``.
        size: Of the image, in units of the UV map.
    """
    tree = material.node_tree
    for name in _NODES:
        if name in tree.nodes:
            tree.nodes.remove(tree.nodes[name])
    if TEXTURES[number] == PLAIN:
        return
    tint, texture, mapping, coordinates, nothing = (_added(tree, *each) for each in _NODES.items())
    # Workbench shows the active image without tint and mapping. Without an image it shows the colour.
    tree.nodes.active = nothing
    texture.image = _image(TEXTURES[number])
    mapping.inputs["Scale"].default_value = (1.0 / size,) * 3
    tint.operation = "MULTIPLY"
    tint.inputs[1].default_value = base.default_value[:3]
    tree.links.new(coordinates.outputs["UV"], mapping.inputs["Vector"])
    tree.links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
    tree.links.new(texture.outputs["Color"], tint.inputs[0])
    tree.links.new(tint.outputs["Vector"], base)


def hide_image(material: bpy.types.Material) -> None:
    """Lets Workbench show the colour of a material with nodes, whatever images it has."""
    nodes = material.node_tree.nodes
    # Workbench shows the active image. Without an image it shows the colour.
    if _NOTHING not in nodes and any(node.type == "TEX_IMAGE" for node in nodes):
        nodes.active = _added(material.node_tree, _NOTHING, _NODES[_NOTHING])


def put_colour(material: bpy.types.Material, base: Any, colour: tuple[float, ...]) -> None:
    """Sets the colour (RGBA) of a material, and with it that of its texture."""
    base.default_value = colour
    tint = material.node_tree.nodes.get(_TINT)
    if tint:
        tint.inputs[1].default_value = colour[:3]


def _added(tree: Any, name: str, kind: str) -> Any:
    node = tree.nodes.new(kind)
    node.name = name
    return node


def _image(name: str) -> bpy.types.Image:
    """The image of a texture; all materials of all scenes share it."""
    known = bpy.data.images.get(_PREFIX + name)
    if known:
        return known
    image = bpy.data.images.new(_PREFIX + name, PIXELS, PIXELS)
    compat.set_colour_space(image, "Non-Color")
    pixels = np.ones((PIXELS, PIXELS, 4), np.float32)
    pixels[..., :3] = (DARK + (1.0 - DARK) * _SHADES[name]())[..., None]
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    image.use_fake_user = True  # It stays for the next material.
    return image


def _checker() -> Shades:
    across, up = _half()
    return np.asarray((across ^ up).astype(np.float64))


def _stripes() -> Shades:
    return np.asarray(_half()[0].astype(np.float64))


def _tiles() -> Shades:
    """Two by two tiles with joints between them."""
    place = np.arange(PIXELS) % (PIXELS // 2)
    joint = PIXELS // 64
    inside = (place >= joint) & (place < PIXELS // 2 - joint)
    return np.asarray((inside[:, None] & inside).astype(np.float64))


def _noise() -> Shades:
    """Normal noise whose amplitude falls with the frequency; always the same."""
    white = keyed_generator("texture", "noise").standard_normal((PIXELS, PIXELS))
    frequency = np.fft.fftfreq(PIXELS, 1.0 / PIXELS)
    amplitude = 1.0 / (4.0 + np.hypot(frequency[:, None], frequency)) ** 1.5
    clouds = np.fft.ifft2(np.fft.fft2(white) * amplitude).real
    low, high = np.quantile(clouds, (0.02, 0.98))
    return np.asarray(np.clip((clouds - low) / (high - low), 0.0, 1.0))


def _half() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pixels are in the right half, and which in the upper half."""
    first = np.arange(PIXELS) >= PIXELS // 2
    return np.broadcast_to(first, (PIXELS, PIXELS)), np.broadcast_to(first[:, None], (PIXELS, PIXELS))


_SHADES: dict[str, Callable[[], Shades]] = {
    "checker": _checker, "stripes": _stripes, "tiles": _tiles, "noise": _noise,
}  # fmt: skip
"""How each texture but the plain one is made."""
