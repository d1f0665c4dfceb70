"""What nodes calculate, with terms instead of numbers."""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import numpy as np

from blendgym.blender.render.shader_nodes.terms import NotMatt, Term, Triple, complement, number_of, product, total


def _constants(function: Callable[..., Triple]) -> Callable[..., Term]:
    """An operation that takes no image."""

    def operation(*terms: Term) -> Term:
        if not all(term.is_constant for term in terms):
            raise NotMatt("bends an image or attribute")
        return Term(np.asarray(function(*(term.offset for term in terms)), float))

    return operation


OPERATIONS: dict[str, Callable[..., Term]] = {
    "ADD": total,
    "SUBTRACT": lambda one, other: total(one, other.times(-np.ones(3))),
    "MULTIPLY": product,
    "SCALE": lambda one, other: product(one, number_of(other)),
    "MULTIPLY_ADD": lambda one, other, more: total(product(one, other), more),
    "DIVIDE": _constants(lambda one, other: np.divide(one, other, out=np.zeros(3), where=other != 0)),
    "POWER": _constants(lambda one, other: np.nan_to_num(np.power(one, other))),
    "SQRT": _constants(lambda one: np.sqrt(np.maximum(one, 0.0))),
    "MINIMUM": _constants(np.minimum),
    "MAXIMUM": _constants(np.maximum),
    "LESS_THAN": _constants(lambda one, other: one < other),
    "GREATER_THAN": _constants(lambda one, other: one > other),
    "ABSOLUTE": _constants(np.abs),
}


def blended(blend: str, one: Term, other: Term) -> Term:
    """What a Mix node has at a factor of 1."""
    if blend == "MIX":
        return other
    known = {"ADD": "ADD", "SUBTRACT": "SUBTRACT", "MULTIPLY": "MULTIPLY", "DIVIDE": "DIVIDE"}
    known |= {"DARKEN": "MINIMUM", "LIGHTEN": "MAXIMUM"}
    if blend in known:
        return OPERATIONS[known[blend]](one, other)
    if blend == "SCREEN":
        return complement(product(complement(one), complement(other)))
    if blend == "DIFFERENCE":
        return _constants(lambda first, second: np.abs(first - second))(one, other)
    raise NotMatt(f"blends by {blend.lower()}")


def clamped(term: Term) -> Term:
    """Held between 0 and 1."""
    if term.is_constant:
        return Term(np.clip(term.offset, 0.0, 1.0))
    ends = term.offset, term.offset + term.scale
    if np.min(ends) < 0.0 or np.max(ends) > 1.0:
        raise NotMatt("clamps an image or attribute")
    return term


def hsl_to_rgb(hue: float, saturation: float, lightness: float) -> tuple[float, float, float]:
    """Hue, saturation and lightness as a colour."""
    return colorsys.hls_to_rgb(hue, lightness, saturation)


def rgb_to_hsl(red: float, green: float, blue: float) -> tuple[float, float, float]:
    """A colour as hue, saturation and lightness."""
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    return hue, saturation, lightness
