"""What the rasterizer's shaders make of light."""

from __future__ import annotations

import gpu
import numpy as np

from blendgym.blender import compat
from blendgym.blender.render.raster.resolving import resolved

WIDTH = 128


def encoded(light: list[float]) -> list[int]:
    """What a screen of 8 bits shows of some light, which is kept in single precision."""
    compat.make_gpu_context()
    height = -(-len(light) // WIDTH)
    pixels = np.ones((height * WIDTH, 4), np.float32)
    pixels[: len(light), :3] = np.array(light, np.float32)[:, None]
    samples = gpu.types.GPUTexture(
        (WIDTH, height), format="RGBA32F", data=gpu.types.Buffer("FLOAT", pixels.size, pixels.ravel())
    )
    shown = resolved(samples, (WIDTH, height), side=1, exposure=1.0).reshape(-1, 3)[: len(light)]
    assert (shown == shown[:, :1]).all()
    return [int(value) for value in shown[:, 0]]
