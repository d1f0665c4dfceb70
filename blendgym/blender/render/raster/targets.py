"""Buffers on the graphics stack that are drawn into and read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import gpu
import numpy as np
from numpy.typing import NDArray

KEPT = 4
"""How many sizes of a buffer are kept; an environment uses two."""

Made = TypeVar("Made")


class Target(NamedTuple):
    """Textures that are drawn into together, with a depth test.

    Args:
        framebuffer: Binds them; Blender detaches textures that are referred to from nowhere else (4.5).
        textures: One for each output of the fragment shader.
        depth: Of what was drawn last.
    """

    framebuffer: gpu.types.GPUFrameBuffer
    textures: tuple[gpu.types.GPUTexture, ...]
    depth: gpu.types.GPUTexture


def make_target(width: int, height: int, *formats: str) -> Target:
    """Makes textures of some formats, and a depth buffer with them."""
    textures = tuple(gpu.types.GPUTexture((width, height), format=name) for name in formats)
    depth = gpu.types.GPUTexture((width, height), format="DEPTH_COMPONENT32F")
    return Target(gpu.types.GPUFrameBuffer(depth_slot=depth, color_slots=list(textures)), textures, depth)


def read(texture: gpu.types.GPUTexture, channels: int) -> NDArray[Any]:
    """The pixels of a texture, (height, width, channels), in the order in which they were drawn."""
    pixels = texture.read()
    # The buffer reports wrong strides for more than one dimension (4.5), so it is read flat.
    pixels.dimensions = texture.width * texture.height * channels
    return np.array(pixels, copy=False).reshape(texture.height, texture.width, channels)


class Recent(Generic[Made]):
    """Keeps what was made for the few keys that were used last.

    Args:
        make: Makes it for a key.
    """

    def __init__(self, make: Callable[..., Made]) -> None:
        self._make = make
        self._made: dict[tuple[Any, ...], Made] = {}

    def __call__(self, *key: Any) -> Made:
        """What was made for a key; it is made now if need be."""
        made = self._made.pop(key, None) or self._make(*key)
        self._made[key] = made
        if len(self._made) > KEPT:
            del self._made[next(iter(self._made))]
        return made
