"""Exact annotations: depth, normals and ids of what the centre of each pixel sees."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import gpu
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from blendgym.blender.render.drawables import Drawable, Piece, Stage, prepare_to_draw
from blendgym.blender.render.instances import HOLDOUT
from blendgym.blender.render.paint import Paints, bind, mask_of
from blendgym.blender.render.readings import Reading, reading_of
from blendgym.blender.render.shaders import geometry_shader
from blendgym.blender.render.shot import Shot
from blendgym.blender.render.targets import Recent, Target, make_target, read
from blendgym.geometry import Box

SMALLEST = 32
"""Side of the smallest buffer, in pixels."""

_targets = Recent(lambda width, height: make_target(width, height, "RGBA32F", "R32UI"))


class GeometryPasses:
    """Draws every triangle with one sample a pixel, and reads back numbers instead of colours.

    Args:
        stage: What to draw.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._masks = Paints(mask_of)

    def render(self, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Depth, normals or segmentation of a shot."""
        if not passes:
            return {}
        target = _targets(*shot.size)
        target.textures[0].clear(format="FLOAT", value=(0.0, 0.0, 0.0, 0.0))
        self._draw(target, shot, self._stage.drawables())
        ids = read(target.textures[1], 1)[..., 0]
        images: dict[str, NDArray[Any]] = {}
        if "segmentation" in passes:
            images["segmentation"] = ids.astype(np.int32)
        if "depth" not in passes and "normals" not in passes:
            return images
        geometry, nothing = read(target.textures[0], 4), ids == HOLDOUT
        if "depth" in passes:
            images["depth"] = np.where(nothing, np.float32(shot.far), geometry[..., 3])
        if "normals" in passes:
            images["normals"] = np.where(nothing[..., None], np.float32(0), geometry[..., :3])
        return images

    def pixels_alone(self, shot: Shot, boxes: Mapping[int, Box]) -> dict[int, int]:
        """How many pixels things would cover if there were no other.

        Args:
            shot: What is looked at.
            boxes: Around each, by id, in pixels of what is drawn; may reach beyond the image.
        """
        drawables = defaultdict(list)
        for drawable in self._stage.drawables():
            drawables[drawable.id].append(drawable)
        return {number: self._covered(shot, drawables[number], box) for number, box in boxes.items()}

    def _covered(self, shot: Shot, drawables: Sequence[Drawable], box: Box) -> int:
        """Draws no more of the image than the box around it."""
        drawn = shot.drawn
        width, height = drawn.size
        left, top = max(0, math.floor(box[0])), max(0, math.floor(box[1]))
        right, bottom = min(width, math.ceil(box[2])), min(height, math.ceil(box[3]))
        target = _targets(_side(right - left), _side(bottom - top))
        self._draw(target, drawn, drawables, left, top)
        covered = read(target.textures[1], 1)[: bottom - top, : right - left, 0] != HOLDOUT
        return shot.count(covered, left, top)

    def _draw(self, target: Target, shot: Shot, drawables: Sequence[Drawable], left: int = 0, top: int = 0) -> None:
        """Draws a shot, or what of it fits into a smaller target that begins at some pixel."""
        alike: dict[Reading | None, list[tuple[Drawable, Piece]]] = defaultdict(list)
        for drawable in drawables:
            for piece in drawable.pieces:
                if not piece.surface.is_invisible:
                    alike[reading_of(piece.surface.alpha)].append((drawable, piece))
        world_to_camera = Matrix(shot.world_to_camera.tolist())
        view = gpu.types.GPUUniformBuf(shot.clip_matrix.T.astype(np.float32).tobytes())
        with target.framebuffer.bind():
            prepare_to_draw(*shot.size)
            gpu.state.viewport_set(-left, -top, *shot.size)
            target.framebuffer.clear(depth=1.0)
            target.textures[1].clear(format="UINT", value=(0,))
            for alpha, chosen in alike.items():
                shader = geometry_shader(alpha)
                shader.bind()
                shader.uniform_block("view", view)
                for drawable, piece in chosen:
                    shader.uniform_float("model_view", world_to_camera @ drawable.pose)
                    shader.uniform_float("front", drawable.front)
                    shader.uniform_int("id", HOLDOUT if piece.surface.is_hole else drawable.id)
                    if alpha:
                        bind(self._masks(piece.surface), shader)
                    piece.batch.draw(shader)


def _side(length: int) -> int:
    """Few different sizes, so that buffers are used again."""
    return max(SMALLEST, 1 << (length - 1).bit_length())
