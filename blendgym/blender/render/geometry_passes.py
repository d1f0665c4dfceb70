"""Exact annotations: depth, normals and ids of what the centre of each pixel sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gpu
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from blendgym.blender.render.drawables import Drawable, Stage, prepare_to_draw
from blendgym.blender.render.shaders import geometry_shader
from blendgym.blender.render.shot import Shot
from blendgym.blender.render.targets import Recent, make_target, read

_targets = Recent(lambda width, height: make_target(width, height, "RGBA32F", "R32UI"))


class GeometryPasses:
    """Draws every triangle with one sample a pixel, and reads back numbers instead of colours.

    Args:
        stage: What to draw.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._shader = geometry_shader()

    def render(self, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Depth, normals or segmentation of a shot."""
        if not passes:
            return {}
        geometry, ids = self._draw(shot, self._stage.drawables())
        images: dict[str, NDArray[Any]] = {}
        if "depth" in passes:
            images["depth"] = np.where(ids == 0, np.float32(shot.far), geometry[..., 3])
        if "normals" in passes:
            images["normals"] = np.ascontiguousarray(geometry[..., :3])
        if "segmentation" in passes:
            images["segmentation"] = ids.astype(np.int32)
        return images

    def pixels_alone(self, shot: Shot, ids: Sequence[int]) -> dict[int, int]:
        """How many pixels each object would cover if there were no other."""
        drawables = self._stage.drawables()
        return {number: self._covered(shot, [each for each in drawables if each.id == number]) for number in ids}

    def _covered(self, shot: Shot, drawables: Sequence[Drawable]) -> int:
        return int(np.count_nonzero(self._draw(shot, drawables)[1]))

    def _draw(self, shot: Shot, drawables: Sequence[Drawable]) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
        target, shader = _targets(*shot.size), self._shader
        world_to_camera = Matrix(shot.world_to_camera.tolist())
        projection = gpu.types.GPUUniformBuf(shot.projection.T.astype(np.float32).tobytes())
        with target.framebuffer.bind():
            prepare_to_draw(*shot.size)
            target.framebuffer.clear(depth=1.0)
            target.textures[0].clear(format="FLOAT", value=(0.0, 0.0, 0.0, 0.0))
            target.textures[1].clear(format="UINT", value=(0,))
            shader.bind()
            shader.uniform_block("view", projection)
            for drawable in drawables:
                shader.uniform_float("model_view", world_to_camera @ drawable.pose)
                shader.uniform_float("front", drawable.front)
                shader.uniform_int("id", drawable.id)
                for part in drawable.parts:
                    part.batch.draw(shader)
            geometry, ids = target.textures
            return read(geometry, 4), read(ids, 1)[..., 0]
