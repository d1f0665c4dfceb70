"""What the inputs of shader nodes amount to: numbers, or one image or colour attribute times a number plus another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.images.colours import LUMINANCE

Triple = NDArray[np.float64]
"""Red, green and blue; three times the same for a number."""


class Texture(NamedTuple):
    """An image on a surface.

    Args:
        image: Blender's.
        node: Its node.
        uv_map: Name of the UV map, ``""`` for the active one.
        rows: (2, 3), from the UV map to the image.
        extension: What is beyond the image: ``REPEAT``, ``EXTEND``, ``CLIP`` or ``MIRROR``.
        is_smooth: Whether there is something between pixels.
        is_faded: Whether the colour is multiplied by the image's alpha, as engines do that show no alpha.
    """

    image: Any
    node: Any
    uv_map: str
    rows: tuple[tuple[float, float, float], tuple[float, float, float]]
    extension: str
    is_smooth: bool
    is_faded: bool


class Attribute(NamedTuple):
    """A colour attribute of a mesh.

    Args:
        name: ``""`` for the active one.
    """

    name: str


class Source(NamedTuple):
    """What differs over a surface.

    Args:
        of: The image or the attribute.
        channel: ``colour``, ``alpha`` or ``luminance``.
    """

    of: Texture | Attribute
    channel: str


class Term(NamedTuple):
    """``scale × source + offset``.

    Args:
        offset: All there is if there is no source.
        scale: Of the source.
        source: ``None`` if it is the same everywhere.
    """

    offset: Triple
    scale: Triple = np.ones(3)
    source: Source | None = None

    @property
    def is_constant(self) -> bool:
        """Whether it is the same everywhere."""
        return self.source is None

    def is_everywhere(self, number: float) -> bool:
        """Whether it is one number, wherever one looks."""
        return self.source is None and bool(np.all(self.offset == number))

    def times(self, factor: Triple) -> Term:
        """Multiplied by a constant."""
        return Term(self.offset * factor, self.scale * factor, self.source if np.any(factor) else None)

    def plus(self, summand: Triple) -> Term:
        """A constant more."""
        return self._replace(offset=self.offset + summand)


class NotMatt(Exception):
    """Something that is neither a number, nor an image or attribute times a number plus another."""


def constant(value: float | Sequence[float]) -> Term:
    """A term that is the same everywhere."""
    numbers = np.array([float(each) for each in value[:3]]) if isinstance(value, Sequence) else np.full(3, float(value))
    return Term(numbers)


def product(one: Term, other: Term) -> Term:
    """Both multiplied; one has to be constant."""
    if other.is_constant:
        return one.times(other.offset)
    if one.is_constant:
        return other.times(one.offset)
    raise NotMatt("multiplies two images")


def total(one: Term, other: Term) -> Term:
    """Both added; they may have one source."""
    if other.is_constant:
        return one.plus(other.offset)
    if one.is_constant:
        return other.plus(one.offset)
    if one.source == other.source:
        return Term(one.offset + other.offset, one.scale + other.scale, one.source)
    raise NotMatt("adds two images")


def complement(term: Term) -> Term:
    """What is missing to 1."""
    return term.times(-np.ones(3)).plus(np.ones(3))


def mixture(factor: Term, one: Term, other: Term) -> Term:
    """From one to the other."""
    if factor.is_everywhere(0.0):
        return one
    if factor.is_everywhere(1.0):
        return other
    return total(product(complement(factor), one), product(factor, other))


def plain(value: Any) -> Any:
    """The value of a socket as Python has it."""
    return value if isinstance(value, int | float) else tuple(value)


def number_of(term: Term) -> Term:
    """A colour as a number: its luminance."""
    if term.source is None:
        return Term(np.full(3, LUMINANCE @ term.offset))
    if np.ptp(term.scale) or np.ptp(term.offset):
        raise NotMatt("takes the brightness of a tinted image")
    channel = "luminance" if term.source.channel == "colour" else term.source.channel
    return term._replace(source=term.source._replace(channel=channel))
