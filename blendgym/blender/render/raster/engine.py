"""The fastest engine: matt surfaces under the scene's own lights, and sharp shadows if asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import bpy
import gpu
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from blendgym.blender.render.colours import without_fourth
from blendgym.blender.render.raster.drawables import Drawable, Stage, prepare_to_draw
from blendgym.blender.render.raster.lighting import Lights, has_keys, lights_of, sky_of
from blendgym.blender.render.raster.paint import Paints, paint_of
from blendgym.blender.render.raster.readings import Readings
from blendgym.blender.render.raster.resolving import pixels, resolved
from blendgym.blender.render.raster.shaders import MAX_LIGHTS, surface_shader
from blendgym.blender.render.raster.shadow_code import LightCounts
from blendgym.blender.render.raster.shadows import ShadowPainter, Shadows
from blendgym.blender.render.raster.strokes import Stroke, draw, strokes_of
from blendgym.blender.render.raster.targets import Recent, Target, make_target, read
from blendgym.blender.render.shot import Shot
from blendgym.blender.scenes import LoadedScene

# Shared by all scenes of the server.
_samples = Recent(lambda width, height: make_target(width, height, "RGBA16F"))


class _Light(NamedTuple):
    """The light of a scene.

    Args:
        lights: Its lights.
        sky: Radiance of the background, and 1.
        block: The shader's block, whose first four rows are the view.
        changes: Whether it may be another in each picture, as when a lamp rides on a body.
    """

    lights: Lights
    sky: tuple[float, float, float, float]
    block: NDArray[np.float32]
    changes: bool


class Raster:
    """Renders radiance that follows from Lambert's law alone, so that it can be computed by hand.

    Args:
        loaded: The scene.
        stage: Its drawables.
    """

    def __init__(self, loaded: LoadedScene, stage: Stage) -> None:
        self._loaded, self._stage = loaded, stage
        # With the filter along the slant of surfaces, Mesa's software rasterizer takes three times as long (22.3).
        bpy.context.preferences.system.anisotropic_filter = "FILTER_0"
        self._paints = Paints(paint_of)
        self._shadows = ShadowPainter()
        self._light: _Light | None = None
        self._sky_on_screen = Recent(self._encoded_sky)

    def scene_changed(self) -> None:
        """Forgets the lights."""
        self._light = None

    def render(self, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        """The colours of a shot."""
        if not passes:
            return {}
        side, drawables = math.isqrt(shot.view.samples_per_pixel), self._stage.drawables()
        strokes = strokes_of(drawables, lambda piece: self._paints(piece.surface))
        if side == 1 and tuple(passes) == ("rgb",) and all(stroke.hides for stroke in strokes):
            # Nothing is averaged and nothing blended, so that colours can be encoded as they are drawn.
            target = pixels(*shot.size, "RGBA8")
            self._draw(target, shot.size, shot, drawables, strokes, for_screen=True)
            return {"rgb": without_fourth(read(target.textures[0], 4))}
        size = shot.size[0] * side, shot.size[1] * side
        samples = _samples(*size)
        self._draw(samples, size, shot, drawables, strokes)
        exposures = {name: self._exposure if name == "rgb" else None for name in passes}
        return {name: resolved(samples.textures[0], shot.size, side, each) for name, each in exposures.items()}

    @property
    def _exposure(self) -> float:
        """What radiance is multiplied by for a screen."""
        return float(2.0**self._loaded.scene.view_settings.exposure)

    def _draw(
        self, target: Target, size: tuple[int, int], shot: Shot, drawables: list[Drawable], strokes: list[Stroke],
        for_screen: bool = False,
    ) -> None:  # fmt: skip
        """Draws the radiance of a shot, or what a screen shows of it."""
        light, exposure = self._read_light(), self._exposure
        sky = self._sky_on_screen(*light.sky, exposure) if for_screen else light.sky
        shadows = self._shadows.draw(light.lights, drawables, shot) if shot.view.shadow_maps else None
        counts = _counts(light.lights, shadows)
        light.block[:4], light.block[4, 3] = (shot.clip_matrix @ shot.world_to_camera).T, exposure
        block = np.concatenate([light.block, shadows.block]) if shadows else light.block
        lighting = gpu.types.GPUUniformBuf(block.tobytes())  # Must live until everything is drawn.

        def ready(readings: Readings) -> gpu.types.GPUShader:
            shader = surface_shader(counts, readings, for_screen)
            shader.bind()
            shader.uniform_block("lighting", lighting)
            if shadows:
                shader.uniform_sampler("shadow_maps", shadows.maps)
            return shader

        with target.framebuffer.bind():
            prepare_to_draw(*size)
            target.framebuffer.clear(color=sky, depth=1.0)
            draw(strokes, ready, Matrix(shot.world_to_camera.tolist()))

    def _encoded_sky(self, *sky_and_exposure: float) -> tuple[float, ...]:
        """What a screen shows of a background: RGBA, as shares of white."""
        samples = make_target(1, 1, "RGBA16F")
        with samples.framebuffer.bind():
            samples.framebuffer.clear(color=sky_and_exposure[:4], depth=1.0)
        return (*(resolved(samples.textures[0], (1, 1), 1, self._exposure)[0, 0] / 255).tolist(), 1.0)

    def _read_light(self) -> _Light:
        if self._light is None or self._light.changes:
            scene = self._loaded.scene
            sky, lights = sky_of(scene), lights_of(self._loaded)
            block = np.zeros((5 + 3 * MAX_LIGHTS, 4), np.float32)
            block[4, :3] = sky
            block[5 : 5 + 3 * len(lights.values)] = lights.values.reshape(-1, 4)
            changes = lights.change or (scene.world is not None and has_keys(scene.world))
            self._light = _Light(lights, (*sky, 1.0), block, changes)
        return self._light


def _counts(lights: Lights, shadows: Shadows | None) -> LightCounts:
    shadowing = (lights.shadowing_suns, lights.shadowing_spots) if shadows else (0, 0)
    return LightCounts(lights.suns, lights.lamps, *shadowing)
