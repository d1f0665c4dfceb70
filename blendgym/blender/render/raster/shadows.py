"""Shadow maps: what suns and spots see, drawn from where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import gpu
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from blendgym.blender.render.raster.drawables import Drawable, Piece, prepare_to_draw
from blendgym.blender.render.raster.lighting import Lights
from blendgym.blender.render.raster.paint import Paints, bind, mask_of
from blendgym.blender.render.raster.readings import Reading, reading_of
from blendgym.blender.render.raster.shaders import shadow_shader
from blendgym.blender.render.raster.shadow_frusta import Volume, frustum_of
from blendgym.blender.render.raster.targets import Recent, make_target
from blendgym.blender.render.shot import Shot
from blendgym.errors import RenderError

LARGEST = 2048
"""Side of the largest shadow map, in texels."""

MAX_MAPS = 8
"""How many lights can have shadows: their maps share a texture, and their places what a vertex hands on."""

_TO_TEXTURE = np.array([[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 1]])
"""From clip space to texture coordinates and depths, all from 0 to 1."""

_BEYOND = (2.0, 2.0, 2.0, 1.0)
"""Where a matrix leads that is used with an empty map."""

_maps = Recent(lambda side, number: make_target(side * number, side))


class Shadows(NamedTuple):
    """Shadow maps, side by side in one texture.

    Args:
        maps: The depths.
        block: (5 * maps, 4), for each map the columns of the matrix from the world to it, then the side of a texel in
            m at clip coordinate w = 1, and how many texels are in a row.
    """

    maps: gpu.types.GPUTexture
    block: NDArray[np.float32]


class ShadowPainter:
    """Draws shadow maps."""

    def __init__(self) -> None:
        self._masks = Paints(mask_of)

    def draw(self, lights: Lights, drawables: Sequence[Drawable], shot: Shot) -> Shadows | None:
        """The shadow maps of a moment; none if nothing has a shadow.

        Args:
            lights: The lights of the scene.
            drawables: What is in the scene.
            shot: Where shadows have to be seen.

        Raises:
            RenderError: If more lights have shadows than there can be maps.
        """
        if len(lights.shadowing) > MAX_MAPS:
            raise RenderError(
                f"Engine 'raster' draws the shadows of at most {MAX_MAPS} suns and spots, the scene has "
                f"{len(lights.shadowing)}. Turn off Shadow of some in Blender, or ask for shadow_maps=False."
            )
        if not lights.shadowing or not drawables:
            return None
        volume = Volume(drawables)
        side = min(LARGEST, 1 << max(shot.size).bit_length())
        target, block = _maps(side, len(lights.shadowing)), np.zeros((len(lights.shadowing), 5, 4), np.float32)
        with target.framebuffer.bind():
            target.framebuffer.clear(depth=1.0)
            for number, row in enumerate(lights.shadowing):
                frustum = frustum_of(lights.values[row], volume, shot)
                if frustum is None:
                    block[number, 3] = _BEYOND
                    continue
                block[number, :4] = (_TO_TEXTURE @ frustum.clip_matrix).T
                block[number, 4, :2] = frustum.width / side, side
                prepare_to_draw(side, side)
                gpu.state.viewport_set(number * side, 0, side, side)
                self._draw_map([drawables[each] for each in frustum.casters], Matrix(frustum.clip_matrix.tolist()))
        return Shadows(target.depth, block.reshape(-1, 4))

    def _draw_map(self, casters: Sequence[Drawable], world_to_clip: Matrix) -> None:
        alike: dict[Reading | None, list[tuple[Matrix, Piece]]] = defaultdict(list)
        for drawable in casters:
            model_to_map = world_to_clip @ drawable.pose
            for piece in drawable.pieces:
                if not piece.surface.is_invisible:
                    alike[reading_of(piece.surface.alpha)].append((model_to_map, piece))
        for alpha, chosen in alike.items():
            shader = shadow_shader(alpha)
            shader.bind()
            placed = None
            for model_to_map, piece in chosen:
                if model_to_map is not placed:
                    placed = model_to_map
                    shader.uniform_float("model_to_map", model_to_map)
                if alpha:
                    bind(self._masks(piece.surface), shader)
                piece.batch.draw(shader)
