"""In which order surfaces are drawn: first what hides, then what shines through, from far to near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import gpu
from mathutils import Matrix

from blendgym.blender.render.instances import HOLDOUT
from blendgym.blender.render.raster.drawables import Drawable, Piece
from blendgym.blender.render.raster.paint import Paint, bind, black
from blendgym.blender.render.raster.readings import Readings

_HIDING = 0.999
"""The alpha from which on something hides what is behind."""

_SEEN = 0.001
"""The alpha from which on something is seen."""

Shader = Callable[[Readings], gpu.types.GPUShader]
"""Makes the shader of some surfaces ready for drawing."""


class Stroke(NamedTuple):
    """A piece with its paint.

    Args:
        drawable: What it belongs to.
        piece: The piece.
        paint: What it looks like.
    """

    drawable: Drawable
    piece: Piece
    paint: Paint

    @property
    def hides(self) -> bool:
        """Whether nothing is seen through it."""
        return self.drawable.id == HOLDOUT or self.piece.surface.is_solid

    def depth(self, world_to_camera: Matrix) -> float:
        """Of its middle."""
        return float((world_to_camera @ self.drawable.pose @ self.piece.centre).z)


def strokes_of(drawables: Iterable[Drawable], paint: Callable[[Piece], Paint]) -> list[Stroke]:
    """All pieces of some drawables."""
    return [
        Stroke(drawable, piece, black() if drawable.id == HOLDOUT or piece.surface.is_hole else paint(piece))
        for drawable in drawables
        for piece in drawable.pieces
    ]


def draw(strokes: list[Stroke], ready: Shader, world_to_camera: Matrix) -> None:
    """Draws strokes into what is bound.

    Args:
        strokes: What to draw.
        ready: Binds a shader.
        world_to_camera: Where it is seen from.
    """
    alike: dict[Readings, list[Stroke]] = defaultdict(list)
    for stroke in strokes:
        if stroke.hides or stroke.paint.has_holes:
            alike[stroke.paint.readings].append(stroke)
    for readings, chosen in alike.items():
        _draw_all(chosen, ready(readings), (_HIDING, 2.0))
    shining = [each for each in strokes if not each.hides]
    if shining:
        shining.sort(key=lambda each: -each.depth(world_to_camera))
        _blend(shining, ready)


def _blend(shining: Iterable[Stroke], ready: Shader) -> None:
    """The far side of each thing before the near side."""
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_mask_set(False)
    for stroke in shining:
        shader = ready(stroke.paint.readings)
        sides = ("BACK", "FRONT") if stroke.drawable.front > 0 else ("FRONT", "BACK")
        for culled in reversed(sides):
            gpu.state.face_culling_set(culled)
            _draw_all([stroke], shader, (_SEEN, _HIDING))
    gpu.state.face_culling_set("NONE")
    gpu.state.depth_mask_set(True)
    gpu.state.blend_set("NONE")


def _draw_all(strokes: Iterable[Stroke], shader: gpu.types.GPUShader, alphas: tuple[float, float]) -> None:
    """Draws what has an alpha from the first to the second."""
    drawable = None
    for stroke in strokes:
        if stroke.paint.has_holes:
            shader.uniform_float("least", alphas[0])
            shader.uniform_float("most", alphas[1])
        if stroke.drawable is not drawable:
            drawable = stroke.drawable
            model = drawable.pose.copy()
            model[3][0] = drawable.front
            shader.uniform_float("model", model)
        bind(stroke.paint, shader)
        stroke.piece.batch.draw(shader)
