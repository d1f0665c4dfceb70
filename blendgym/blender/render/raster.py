"""The fastest engine: matt surfaces under the scene's own lights, without shadows, drawn by one shader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import bpy
import gpu
import numpy as np
from numpy.typing import NDArray

from blendgym.blender.render.drawables import Stage, prepare_to_draw
from blendgym.blender.render.instances import HOLDOUT
from blendgym.blender.render.shaders import MAX_LIGHTS, resolve_shader, surface_shader
from blendgym.blender.render.shading import BLACK, Surface, lights_of, sky_of, surface_of
from blendgym.blender.render.shot import Shot
from blendgym.blender.render.targets import Recent, Target, make_target, read
from blendgym.blender.scenes import LoadedScene

_WHOLE_IMAGE = ((-1.0, -1.0), (3.0, -1.0), (-1.0, 3.0))

# Shared by all scenes of the server.
_samples = Recent(lambda width, height: make_target(width, height, "RGBA16F"))
_pixels = Recent(make_target)


class _Light(NamedTuple):
    """The light of a scene.

    Args:
        shader: For as many lights as there are.
        sky: Radiance of the background, and 1.
        block: The shader's block, whose first four rows are the view.
    """

    shader: gpu.types.GPUShader
    sky: tuple[float, float, float, float]
    block: NDArray[np.float32]


class Raster:
    """Renders radiance that follows from Lambert's law alone, so that it can be computed by hand.

    Args:
        loaded: The scene.
        stage: Its drawables.
    """

    def __init__(self, loaded: LoadedScene, stage: Stage) -> None:
        self._loaded, self._stage = loaded, stage
        self._resolve_shader = resolve_shader()
        self._whole_image = _triangle()
        self._white = _white_texture()
        self._surfaces: dict[str, Surface] = {}
        self._light: _Light | None = None

    def scene_changed(self) -> None:
        """Forgets lights and materials."""
        self._surfaces.clear()
        self._light = None

    def render(self, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        """The colours of a shot."""
        if not passes:
            return {}
        side = math.isqrt(shot.view.samples_per_pixel)
        samples = self._draw_samples(shot, side)
        return {name: self._resolve(samples, shot, side, name == "rgb") for name in passes}

    def _draw_samples(self, shot: Shot, side: int) -> Target:
        width, height = shot.size[0] * side, shot.size[1] * side
        target, (shader, sky, block) = _samples(width, height), self._read_light()
        block[:4] = (shot.clip_matrix @ shot.world_to_camera).T
        lighting = gpu.types.GPUUniformBuf(block.tobytes())  # Must live until everything is drawn.
        with target.framebuffer.bind():
            prepare_to_draw(width, height)
            target.framebuffer.clear(color=sky, depth=1.0)
            shader.bind()
            shader.uniform_block("lighting", lighting)
            for drawable in self._stage.drawables():
                shader.uniform_float("model", drawable.pose)
                for part in drawable.parts:
                    surface = BLACK if drawable.id == HOLDOUT else self._surface(drawable.materials, part.slot)
                    shader.uniform_float("colour", (*surface.colour, drawable.front))
                    shader.uniform_float("emission", (*surface.emission, surface.repetitions if surface.image else 0.0))
                    image = gpu.texture.from_image(surface.image) if surface.image else self._white
                    shader.uniform_sampler("image", image)
                    part.batch.draw(shader)
        return target

    def _resolve(self, samples: Target, shot: Shot, side: int, for_screen: bool) -> NDArray[Any]:
        target, shader = _pixels(*shot.size, "RGBA8" if for_screen else "RGBA32F"), self._resolve_shader
        with target.framebuffer.bind():
            prepare_to_draw(*shot.size)
            gpu.state.depth_test_set("NONE")
            shader.bind()
            shader.uniform_sampler("samples", samples.textures[0])
            shader.uniform_int("side", side)
            shader.uniform_float("exposure", 2.0**self._loaded.scene.view_settings.exposure)
            shader.uniform_bool("for_screen", [for_screen])
            self._whole_image.draw(shader)
            return np.ascontiguousarray(read(target.textures[0], 4)[..., :3])

    def _surface(self, materials: Sequence[bpy.types.Material | None], slot: int) -> Surface:
        material = materials[slot] if slot < len(materials) else None
        name = material.name if material else ""
        if name not in self._surfaces:
            self._surfaces[name] = surface_of(material)
        return self._surfaces[name]

    def _read_light(self) -> _Light:
        if self._light is None:
            sky, lights = sky_of(self._loaded.scene), lights_of(self._loaded)
            block = np.zeros((5 + 3 * MAX_LIGHTS, 4), np.float32)
            block[4, :3] = sky
            block[5 : 5 + 3 * len(lights.values)] = lights.values.reshape(-1, 4)
            self._light = _Light(surface_shader(lights.suns, lights.lamps), (*sky, 1.0), block)
        return self._light


def _triangle() -> gpu.types.GPUBatch:
    layout = gpu.types.GPUVertFormat()
    layout.attr_add(id="position", comp_type="F32", len=2, fetch_mode="FLOAT")
    buffer = gpu.types.GPUVertBuf(layout, len(_WHOLE_IMAGE))
    buffer.attr_fill("position", _WHOLE_IMAGE)
    return gpu.types.GPUBatch(type="TRIS", buf=buffer)


def _white_texture() -> gpu.types.GPUTexture:
    return gpu.types.GPUTexture((1, 1), format="RGBA32F", data=gpu.types.Buffer("FLOAT", 4, [1.0] * 4))
