"""From samples to pixels: squares of them are averaged, and encoded for a screen if they are for one."""

from __future__ import annotations

from functools import cache
from typing import Any

import gpu
from numpy.typing import NDArray

from blendgym.blender.render.colours import without_fourth
from blendgym.blender.render.raster.drawables import prepare_to_draw
from blendgym.blender.render.raster.shaders import resolve_shader
from blendgym.blender.render.raster.targets import Recent, make_target, read

_WHOLE_IMAGE = ((-1.0, -1.0), (3.0, -1.0), (-1.0, 3.0))

pixels = Recent(make_target)
"""Shared by all scenes of the server."""


def resolved(samples: gpu.types.GPUTexture, size: tuple[int, int], side: int, exposure: float | None) -> NDArray[Any]:
    """The pixels of some samples, (height, width, 3): uint8 as on a screen, or radiance in float32.

    Args:
        samples: Their radiance.
        size: Width and height, in pixels.
        side: How many samples are in a row of the square of a pixel.
        exposure: What radiance is multiplied by for a screen; ``None`` for radiance.
    """
    for_screen = exposure is not None
    target, shader = pixels(*size, "RGBA8" if for_screen else "RGBA32F"), resolve_shader(side, for_screen)
    with target.framebuffer.bind():
        prepare_to_draw(*size)
        gpu.state.depth_test_set("NONE")
        shader.bind()
        shader.uniform_sampler("samples", samples)
        if for_screen:
            shader.uniform_float("exposure", exposure)
        _whole_image().draw(shader)
        return without_fourth(read(target.textures[0], 4))


@cache
def _whole_image() -> gpu.types.GPUBatch:
    layout = gpu.types.GPUVertFormat()
    layout.attr_add(id="position", comp_type="F32", len=2, fetch_mode="FLOAT")
    buffer = gpu.types.GPUVertBuf(layout, len(_WHOLE_IMAGE))
    buffer.attr_fill("position", _WHOLE_IMAGE)
    return gpu.types.GPUBatch(type="TRIS", buf=buffer)
