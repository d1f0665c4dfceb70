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

from blendgym.blender.render.colours import without_fourth
from blendgym.blender.render.instances import HOLDOUT
from blendgym.blender.render.raster.drawables import Drawable, Piece, Stage, prepare_to_draw
from blendgym.blender.render.raster.paint import Paints, bind, mask_of
from blendgym.blender.render.raster.readings import Reading, reading_of
from blendgym.blender.render.raster.shaders import geometry_shader
from blendgym.blender.render.raster.targets import Recent, Target, make_target, read
from blendgym.blender.render.shot import Shot
from blendgym.geometry import Box

COVERAGE = ("segmentation",)

SMALLEST = 32
"""Side of the smallest buffer, in pixels."""

FORMATS = {"normals": "RGBA32F", "depth": "R32F", "segmentation": "R32UI"}

_targets = Recent(lambda width, height, passes: make_target(width, height, *(FORMATS[name] for name in passes)))


class GeometryPasses:
    """Draws every triangle with one sample a pixel, and reads back numbers instead of colours, all in one pass.

    Args:
        stage: What to draw.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._masks = Paints(mask_of)

    def render(self, shot: Shot, passes: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Depth, normals or segmentation of a shot."""
        drawn = tuple(name for name in FORMATS if name in passes)
        if not drawn:
            return {}
        target = _targets(*shot.size, drawn)
        for name, texture in zip(drawn, target.textures, strict=True):
            _clear(name, texture, shot.far)
        self._draw(target, drawn, shot, self._stage.drawables())
        return {name: _image(name, texture) for name, texture in zip(drawn, target.textures, strict=True)}

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
        target = _targets(_side(right - left), _side(bottom - top), COVERAGE)
        target.textures[0].clear(format="UINT", value=(HOLDOUT,))
        self._draw(target, COVERAGE, drawn, drawables, left, top)
        covered = read(target.textures[0], 1)[: bottom - top, : right - left, 0] != HOLDOUT
        return shot.count(covered, left, top)

    def _draw(
        self, target: Target, passes: tuple[str, ...], shot: Shot, drawables: Sequence[Drawable], left: int = 0,
        top: int = 0,
    ) -> None:  # fmt: skip
        """Draws some passes of a shot, or what of it fits into a smaller target that begins at some pixel."""
        alike: dict[Reading | None, list[tuple[Drawable, Piece]]] = defaultdict(list)
        for drawable in drawables:
            for piece in drawable.pieces:
                if not piece.surface.is_invisible:
                    alike[reading_of(piece.surface.alpha)].append((drawable, piece))
        world_to_camera = Matrix(shot.world_to_camera.tolist())
        block = np.zeros((5, 4), np.float32)
        block[:4], block[4] = shot.clip_matrix.T, shot.far
        view = gpu.types.GPUUniformBuf(block.tobytes())
        with target.framebuffer.bind():
            prepare_to_draw(*shot.size)
            gpu.state.viewport_set(-left, -top, *shot.size)
            target.framebuffer.clear(depth=1.0)
            for alpha, chosen in alike.items():
                shader = geometry_shader(passes, alpha)
                shader.bind()
                shader.uniform_block("view", view)
                for drawable, piece in chosen:
                    shader.uniform_float("model_view", world_to_camera @ drawable.pose)
                    if "normals" in passes:
                        shader.uniform_float("front", drawable.front)
                    shader.uniform_int("id", HOLDOUT if piece.surface.is_hole else drawable.id)
                    if alpha:
                        bind(self._masks(piece.surface), shader)
                    piece.batch.draw(shader)


def _clear(name: str, texture: gpu.types.GPUTexture, far: float) -> None:
    """Fills an image with what it has where nothing is seen."""
    if name == "segmentation":
        texture.clear(format="UINT", value=(HOLDOUT,))
    else:
        texture.clear(format="FLOAT", value=(far,) if name == "depth" else (0.0, 0.0, 0.0, 0.0))


def _image(name: str, texture: gpu.types.GPUTexture) -> NDArray[Any]:
    if name == "normals":
        return without_fourth(read(texture, 4))
    image = read(texture, 1)[..., 0]
    return image.view(np.int32) if name == "segmentation" else image


def _side(length: int) -> int:
    """Few different sizes, so that buffers are used again."""
    return max(SMALLEST, 1 << (length - 1).bit_length())
