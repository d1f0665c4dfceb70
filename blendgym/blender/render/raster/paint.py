"""Surfaces as the graphics stack takes them: a block of numbers, and up to three images."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

import gpu
import numpy as np
from numpy.typing import NDArray

from blendgym.blender.render.raster.readings import TERMS, Readings, reading_of
from blendgym.blender.render.shader_nodes.surfaces import Surface
from blendgym.blender.render.shader_nodes.terms import Term, Texture, constant


class Paint(NamedTuple):
    """A surface on the graphics stack.

    Args:
        block: Its numbers.
        readings: How it differs from place to place.
        images: By their names in shaders.
    """

    block: gpu.types.GPUUniformBuf
    readings: Readings
    images: Mapping[str, gpu.types.GPUTexture]

    @property
    def has_holes(self) -> bool:
        """Whether its alpha is not the same everywhere."""
        return self.readings[-1] is not None


class Paints:
    """What surfaces have become, as long as they are known.

    Args:
        make: Makes it.
    """

    def __init__(self, make: Callable[[Surface], Paint]) -> None:
        self._make = make
        self._made: WeakKeyDictionary[Surface, Paint] = WeakKeyDictionary()

    def __call__(self, surface: Surface) -> Paint:
        """What a surface has become; it is made now if need be."""
        paint = self._made.get(surface)
        if paint is None:
            paint = self._made[surface] = self._make(surface)
        return paint


def paint_of(surface: Surface) -> Paint:
    """What shows a surface.

    Raises:
        RenderError: If it has colours that only shading can tell.
    """
    return _paint(*surface.colours, surface.alpha)


def mask_of(surface: Surface) -> Paint:
    """What shows nothing but the alpha of a surface."""
    return _paint(constant(0.0), constant(0.0), surface.alpha)


@cache
def black() -> Paint:
    """What hides others and shows nothing."""
    return _paint(constant(0.0), constant(0.0), constant(1.0))


def bind(paint: Paint, shader: gpu.types.GPUShader) -> None:
    """Makes a shader show a surface."""
    shader.uniform_block("surface", paint.block)
    for name, texture in paint.images.items():
        shader.uniform_sampler(name, texture)


def _paint(*terms: Term) -> Paint:
    images = {
        f"{name}_image": gpu.texture.from_image(term.source.of.image)
        for name, term in zip(TERMS, terms, strict=True)
        if term.source and isinstance(term.source.of, Texture)
    }
    return Paint(gpu.types.GPUUniformBuf(_block(terms).tobytes()), tuple(map(reading_of, terms)), images)


def _block(terms: tuple[Term, ...]) -> NDArray[np.float32]:
    """(12, 4): scales, offsets, and rows from the UV map to each image."""
    block = np.zeros((12, 4), np.float32)
    for number, (offset, scale, source) in enumerate(terms):
        block[number, :3], block[3 + number, :3] = scale, offset
        if source and isinstance(source.of, Texture):
            block[6 + 2 * number : 8 + 2 * number, :3] = source.of.rows
    return block
