"""What the rasterizer's shaders make of light."""

from __future__ import annotations

import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader

from blendgym.blender import compat
from blendgym.blender.render.raster.drawables import prepare_to_draw
from blendgym.blender.render.raster.shaders import resolve_shader
from blendgym.blender.render.raster.targets import make_target, read

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
    target, shader = make_target(WIDTH, height, "RGBA8"), resolve_shader(1, for_screen=True)
    with target.framebuffer.bind():
        prepare_to_draw(WIDTH, height)
        gpu.state.depth_test_set("NONE")
        shader.bind()
        shader.uniform_sampler("samples", samples)
        shader.uniform_float("exposure", 1.0)
        batch_for_shader(shader, "TRIS", {"position": [(-1.0, -1.0), (3.0, -1.0), (-1.0, 3.0)]}).draw(shader)
        shown = read(target.textures[0], 4)[..., :3].reshape(-1, 3)[: len(light)]
    assert (shown == shown[:, :1]).all()
    return [int(value) for value in shown[:, 0]]
