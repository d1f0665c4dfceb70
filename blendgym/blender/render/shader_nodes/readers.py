"""Reads the nodes that calculate: what stands at an output, by what stands at the inputs."""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from blendgym.blender.render.shader_nodes.arithmetic import OPERATIONS, blended, clamped, hsl_to_rgb, rgb_to_hsl
from blendgym.blender.render.shader_nodes.image_nodes import colour_attribute, image_texture
from blendgym.blender.render.shader_nodes.terms import (
    NotMatt,
    Term,
    Triple,
    complement,
    constant,
    mixture,
    number_of,
    plain,
)

if TYPE_CHECKING:
    from blendgym.blender.render.shader_nodes.nodes import Nodes


def _value(nodes: Nodes, output: Any) -> Term:
    return constant(plain(output.default_value))


def _object_info(nodes: Nodes, output: Any) -> Term:
    if output.identifier not in ("Color", "Alpha"):
        raise NotMatt(f"uses {output.name}")
    return constant(nodes.object_colour[:3] if output.identifier == "Color" else nodes.object_colour[3])


def _mix(nodes: Nodes, output: Any) -> Term:
    node = output.node
    kind = getattr(node, "data_type", "RGBA")
    if kind not in ("RGBA", "FLOAT"):
        raise NotMatt(f"mixes {kind.lower()}")
    factor, one, other = (each for each in node.inputs if each.enabled)
    share, blend = nodes.number(factor), "MIX" if kind == "FLOAT" else node.blend_type
    if getattr(node, "clamp_factor", True):
        share = clamped(share)
    mixed = mixture(share, nodes.term(one), blended(blend, nodes.term(one), nodes.term(other)))
    return clamped(mixed) if getattr(node, "clamp_result", getattr(node, "use_clamp", False)) else mixed


def _arithmetic(nodes: Nodes, output: Any) -> Term:
    node = output.node
    read = nodes.number if node.type == "MATH" else nodes.term
    values = [read(each) for each in node.inputs if each.enabled]
    known = OPERATIONS.get(node.operation)
    if known is None:
        raise NotMatt(f"calculates {node.operation.lower()}")
    result = known(*values)
    return clamped(result) if getattr(node, "use_clamp", False) else result


def _invert(nodes: Nodes, output: Any) -> Term:
    node = output.node
    colour = nodes.term(node.inputs["Color"])
    return mixture(nodes.number(_input(node, "Fac")), colour, complement(colour))


def _gamma(nodes: Nodes, output: Any) -> Term:
    node = output.node
    colour, gamma = (_same_everywhere(nodes, node, name) for name in ("Color", "Gamma"))
    return Term(np.where(colour > 0, np.abs(colour) ** gamma, colour))


def _hue(nodes: Nodes, output: Any) -> Term:
    node = output.node
    hue, saturation, value, factor = (
        _same_everywhere(nodes, node, name)[0] for name in ("Hue", "Saturation", "Value", "Fac")
    )
    colour = _same_everywhere(nodes, node, "Color")
    h, s, v = colorsys.rgb_to_hsv(*colour.tolist())
    turned = np.array(colorsys.hsv_to_rgb((h + hue + 0.5) % 1.0, min(max(s * saturation, 0.0), 1.0), v * value))
    return Term(np.maximum(colour + factor * (turned - colour), 0.0))


def _brightness(nodes: Nodes, output: Any) -> Term:
    node = output.node
    bright, contrast = (_same_everywhere(nodes, node, name) for name in ("Bright", "Contrast"))
    changed = nodes.term(node.inputs["Color"]).times(1.0 + contrast).plus(bright - contrast / 2)
    if not changed.is_constant:
        raise NotMatt("changes the contrast of an image")
    return Term(np.maximum(changed.offset, 0.0))


def _ramp(nodes: Nodes, output: Any) -> Term:
    node = output.node
    colour = node.color_ramp.evaluate(number_of(Term(_same_everywhere(nodes, node, "Fac"))).offset[0])
    return constant(colour[3] if output.identifier == "Alpha" else colour)


def _curves(nodes: Nodes, output: Any) -> Term:
    node = output.node
    colour, factor = _same_everywhere(nodes, node, "Color"), _same_everywhere(nodes, node, "Fac")
    node.mapping.initialize()
    red, green, blue, all_channels = node.mapping.curves
    bent = [
        node.mapping.evaluate(curve, node.mapping.evaluate(all_channels, channel))
        for curve, channel in zip((red, green, blue), colour.tolist(), strict=True)
    ]
    return Term(colour + factor * (np.array(bent) - colour))


def _combined(nodes: Nodes, output: Any) -> Term:
    node = output.node
    first, second, third = (nodes.number(each) for each in node.inputs)
    mode = getattr(node, "mode", "RGB")
    values = [each.offset[0] for each in (first, second, third)]
    if not (first.is_constant and second.is_constant and third.is_constant):
        raise NotMatt("combines images")
    return constant({"RGB": lambda *v: v, "HSV": colorsys.hsv_to_rgb, "HSL": hsl_to_rgb}[mode](*values))


def _separated(nodes: Nodes, output: Any) -> Term:
    node = output.node
    colour = _same_everywhere(nodes, node, node.inputs[0].identifier).tolist()
    mode = getattr(node, "mode", "RGB")
    parts = {"RGB": lambda *v: v, "HSV": colorsys.rgb_to_hsv, "HSL": rgb_to_hsl}[mode](*colour)
    return constant(parts[list(node.outputs).index(output)])


def _grey(nodes: Nodes, output: Any) -> Term:
    node = output.node
    return nodes.number(node.inputs[0])


def _clamp(nodes: Nodes, output: Any) -> Term:
    node = output.node
    value, low, high = (_same_everywhere(nodes, node, name) for name in ("Value", "Min", "Max"))
    return Term(np.clip(value, np.minimum(low, high), np.maximum(low, high)))


def _map_range(nodes: Nodes, output: Any) -> Term:
    node = output.node
    if node.data_type != "FLOAT" or node.interpolation_type != "LINEAR":
        raise NotMatt(f"maps a range by {node.interpolation_type.lower()}")
    from_low, from_high, to_low, to_high = (
        _same_everywhere(nodes, node, name) for name in ("From Min", "From Max", "To Min", "To Max")
    )
    share = (_same_everywhere(nodes, node, "Value") - from_low) / (from_high - from_low)
    return Term(to_low + (np.clip(share, 0.0, 1.0) if node.clamp else share) * (to_high - to_low))


def _input(node: Any, identifier: str) -> Any:
    """An input, by what every Blender calls it: 5.0 shows "Factor" and "Brightness" for "Fac" and "Bright"."""
    return next(each for each in node.inputs if each.identifier == identifier)


def _same_everywhere(nodes: Nodes, node: Any, identifier: str) -> Triple:
    socket = _input(node, identifier)
    term = nodes.term(socket) if socket.type in ("RGBA", "VECTOR") else nodes.number(socket)
    if not term.is_constant:
        raise NotMatt(f"bends {socket.name} of an image or attribute")
    return term.offset


READERS: dict[str, Callable[[Nodes, Any], Term]] = {
    "RGB": _value,
    "VALUE": _value,
    "OBJECT_INFO": _object_info,
    "TEX_IMAGE": image_texture,
    "VERTEX_COLOR": colour_attribute,
    "ATTRIBUTE": colour_attribute,
    "MIX": _mix,
    "MIX_RGB": _mix,
    "MATH": _arithmetic,
    "VECT_MATH": _arithmetic,
    "INVERT": _invert,
    "GAMMA": _gamma,
    "HUE_SAT": _hue,
    "BRIGHTCONTRAST": _brightness,
    "VALTORGB": _ramp,
    "CURVE_RGB": _curves,
    "COMBINE_COLOR": _combined,
    "COMBRGB": _combined,
    "COMBXYZ": _combined,
    "SEPARATE_COLOR": _separated,
    "SEPRGB": _separated,
    "SEPXYZ": _separated,
    "RGBTOBW": _grey,
    "CLAMP": _clamp,
    "MAP_RANGE": _map_range,
}
"""How the nodes that can be read are read, by Blender's type."""
