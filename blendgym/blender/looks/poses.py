"""Where lights and cameras are, in the frame of what they are attached to."""

from __future__ import annotations

import math
from typing import Any

import bpy
from mathutils import Matrix, Vector

_PARTS = ("location", "rotation_euler", "rotation_quaternion", "rotation_axis_angle", "scale")


class Pose:
    """The pose of an object, as it was built and as it is.

    Args:
        obj: As it was built.
    """

    def __init__(self, obj: bpy.types.Object) -> None:
        self._object = obj
        self._built: dict[str, Any] = {name: tuple(getattr(obj, name)) for name in _PARTS}

    @property
    def matrix(self) -> Matrix:
        """4×4: from the object's frame."""
        return self._object.matrix_basis.copy()

    def move(self, location: Vector, rotation: Matrix) -> None:
        """Puts the object somewhere; its scale stays."""
        self._object.matrix_basis = Matrix.LocRotScale(location, rotation, Vector(self._built["scale"]))

    def restore(self) -> None:
        """Puts the object where it was built, bit for bit: taking a pose apart would not bring back its numbers."""
        for name, value in self._built.items():
            setattr(self._object, name, value)


def rotation_of(matrix: Matrix) -> Matrix:
    """3×3: a pose without its place and scale."""
    return matrix.to_3x3().normalized()


def looking(direction: Vector) -> Matrix:
    """3×3: a frame whose -z axis points in a direction, and whose y axis points up as far as it can."""
    return direction.to_track_quat("-Z", "Y").to_matrix()


def azimuth_of(offset: Vector) -> float:
    """The side to which an offset points, in rad from +x towards +y; NaN if that is straight up or down."""
    return math.nan if math.hypot(offset.x, offset.y) < 1e-6 * offset.length else math.atan2(offset.y, offset.x)
