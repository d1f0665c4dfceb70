"""What there is to draw at this moment, shared by everything that draws by itself."""

from __future__ import annotations

from typing import NamedTuple

import gpu
import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import NDArray

from blendgym.blender.render.instances import Instance, Instances
from blendgym.blender.render.raster.meshes import Meshes, Names, Shape
from blendgym.blender.render.shader_nodes.surfaces import Surface, Surfaces


class Piece(NamedTuple):
    """The triangles of a drawable that have one material.

    Args:
        batch: What is drawn.
        surface: What it looks like.
        centre: Of its bounding box, in the object's frame.
    """

    batch: gpu.types.GPUBatch
    surface: Surface
    centre: Vector


class Drawable(NamedTuple):
    """One instance of an object.

    Args:
        id: Its own, or ``HOLDOUT``.
        pose: From its frame to the world's.
        pieces: Its triangles, by material.
        front: 1 if triangles that are seen from their front are drawn counterclockwise, otherwise -1.
        bounds: (2, 3), the least and the greatest corner of its bounding box, in its frame.
        is_block: Whether it is flat or has all of its vertices in corners of that box.
        casts_shadow: Whether light does not pass through it.
    """

    id: int
    pose: Matrix
    pieces: tuple[Piece, ...]
    front: float
    bounds: NDArray[np.float64]
    is_block: bool
    casts_shadow: bool


_Look = tuple[int, tuple[Surface, ...]]
"""Which mesh, in which materials."""

_Shown = tuple[tuple[Piece, ...], Shape]


class Stage:
    """The drawables of a scene.

    Args:
        instances: Whose objects are drawn.
        surfaces: What their materials look like.
    """

    def __init__(self, instances: Instances, surfaces: Surfaces) -> None:
        self._instances, self._surfaces = instances, surfaces
        self._meshes = Meshes()

    def drawables(self) -> list[Drawable]:
        """Everything that is seen in renders, as it is now.

        Raises:
            RenderError: If it cannot be said what is seen, for transparency that differs in a way that is not read.
        """
        shapes: dict[_Look, _Shown] = {}  # Instances share their mesh.
        return [self._drawable(instance, shapes) for instance in self._instances.visible()]

    def _drawable(self, instance: Instance, known: dict[_Look, _Shown]) -> Drawable:
        number, obj, pose = instance
        mesh, surfaces = obj.data, self._surfaces.of_slots(obj)
        look = mesh.as_pointer(), surfaces
        if look not in known:
            names = tuple(Names(each.uv_map, each.colour_attribute) for each in surfaces)
            shape = self._meshes.shape(mesh, names)
            pieces = tuple(Piece(part.batch, surfaces[part.slot], part.centre) for part in shape.parts)
            known[look] = pieces, shape
        pieces, shape = known[look]
        # Row 0 first turns the image upside down for the graphics stack, and with it the sense of rotation.
        front = -1.0 if pose.determinant() > 0 else 1.0
        return Drawable(number, pose, pieces, front, shape.bounds, shape.is_block, obj.visible_shadow)


def prepare_to_draw(width: int, height: int) -> None:
    """Sets what Blender's own drawing may have left in another state."""
    gpu.state.viewport_set(0, 0, width, height)
    gpu.state.depth_mask_set(True)
    gpu.state.depth_test_set("LESS_EQUAL")
    gpu.state.face_culling_set("NONE")
    gpu.state.blend_set("NONE")
