"""Reads the nodes that differ over a surface: images on UV maps, and colour attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mathutils import Euler

from blendgym.blender.render.shader_nodes.terms import Attribute, NotMatt, Source, Term, Texture, Triple, constant

if TYPE_CHECKING:
    from blendgym.blender.render.shader_nodes.nodes import Nodes

_WITH_ALPHA = (32, 64, 128)
"""Bits of a pixel."""

_IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def image_texture(nodes: Nodes, output: Any) -> Term:
    """The colour or the alpha of an Image Texture node."""
    node = output.node
    is_alpha = output.identifier == "Alpha"
    texture = _texture(nodes, node)
    if is_alpha and not has_alpha(node.image):
        return constant(1.0)
    return Term(np.zeros(3), source=Source(texture, "alpha" if is_alpha else "colour"))


def _texture(nodes: Nodes, node: Any) -> Texture:
    image = node.image
    if image is None or node.projection != "FLAT" or image.source not in ("FILE", "GENERATED"):
        kind = "no image" if image is None else f"{image.source} image, {node.projection} projection"
        raise NotMatt(f"uses node {node.name!r} ({kind})")
    uv_map, rows = _place(nodes, node.inputs["Vector"])
    mapping = node.texture_mapping
    if any(mapping.translation) or any(mapping.rotation) or tuple(mapping.scale) != (1.0, 1.0, 1.0):
        raise NotMatt(f"moves the texture in node {node.name!r}")
    return Texture(
        image,
        node,
        uv_map,
        (tuple(rows[0].tolist()), tuple(rows[1].tolist())),
        node.extension,
        node.interpolation != "Closest",
        _is_faded(image) and not any(each.is_linked for each in node.outputs if each.identifier == "Alpha"),
    )


def _place(nodes: Nodes, socket: Any) -> tuple[str, Triple]:
    """The UV map that a vector comes from, and the rows of what is done with it."""
    output = nodes.source(socket)
    return (
        ("", _IDENTITY)
        if output is None
        else nodes.within(output, lambda inner: _place(nodes, inner), lambda end: _moved(nodes, end))
    )


def _moved(nodes: Nodes, output: Any) -> tuple[str, Triple]:
    node = output.node
    if node.type == "TEX_COORD" and output.identifier == "UV":
        return "", _IDENTITY
    if node.type == "UVMAP":
        return node.uv_map, _IDENTITY
    if node.type == "ATTRIBUTE" and output.identifier == "Vector":
        return node.attribute_name, _IDENTITY
    if node.type == "MAPPING":
        name, rows = _place(nodes, node.inputs["Vector"])
        inputs = {each.name: nodes.term(each) for each in node.inputs if each.name != "Vector"}
        return name, _mapped(node, inputs, rows)
    raise NotMatt(f"places an image by {output.name} of node {node.name!r} ({node.bl_label})")


def colour_attribute(nodes: Nodes, output: Any) -> Term:
    """The colour or the alpha of an attribute."""
    node = output.node
    name = node.layer_name if node.type == "VERTEX_COLOR" else node.attribute_name
    if node.type == "ATTRIBUTE" and node.attribute_type != "GEOMETRY":
        raise NotMatt(f"reads attribute {name!r} of the {node.attribute_type.lower()}")
    channel = {"Color": "colour", "Alpha": "alpha"}.get(output.identifier)
    if channel is None:
        raise NotMatt(f"reads attribute {name!r} as {output.name}")
    return Term(np.zeros(3), source=Source(Attribute(name), channel))


def _mapped(node: Any, inputs: dict[str, Term], rows: Triple) -> Triple:
    if not all(each.is_constant for each in inputs.values()):
        raise NotMatt("places an image by another")
    rotation = Euler(inputs["Rotation"].offset.tolist()).to_matrix()
    turn_and_scale = np.array(rotation) @ np.diag(inputs["Scale"].offset)
    if node.vector_type not in ("POINT", "VECTOR") or np.any(turn_and_scale[:2, 2]):
        raise NotMatt(f"maps by {node.vector_type.lower()}")
    moved = turn_and_scale[:2, :2] @ rows
    if node.vector_type == "POINT":
        moved[:, 2] += inputs["Location"].offset[:2]
    return moved


def has_alpha(image: Any) -> bool:
    """Whether an image has an alpha that engines heed."""
    return image.alpha_mode != "NONE" and image.depth in _WITH_ALPHA


def _is_faded(image: Any) -> bool:
    """Whether Blender multiplies its colour by its alpha, if nothing else uses that."""
    data = image.colorspace_settings.is_data
    return has_alpha(image) and image.alpha_mode == "STRAIGHT" and not image.is_float and not data
