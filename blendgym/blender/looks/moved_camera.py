"""A camera that a task moves."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import ArrayLike, NDArray

from blendgym.blender.looks.poses import Pose as OwnPose
from blendgym.blender.looks.poses import looking, rotation_of
from blendgym.blender.physics.phases import Phase, Schedule
from blendgym.blender.physics.poses import array_of, matrix_of, vector_of
from blendgym.blender.physics.saved_state import is_moved_by_file
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError
from blendgym.world import Pose


class MovedCamera:
    """A camera by its object, in the frame of the world.

    Args:
        loaded: The scene.
        obj: The camera's object.
        name: Of the camera.
        schedule: What the task is doing at present.
    """

    def __init__(self, loaded: LoadedScene, obj: bpy.types.Object, name: str, schedule: Schedule) -> None:
        self._loaded, self._object, self.name, self._schedule = loaded, obj, name, schedule
        self._before: OwnPose | None = None

    @property
    def pose(self) -> NDArray[np.float64]:
        """4×4 from the camera's frame to the world's: x to the right, y up, -z where it looks."""
        matrix = self._loaded.evaluated(self._object).matrix_world
        return array_of(Matrix.LocRotScale(matrix.to_translation(), rotation_of(matrix), None))

    def place(self, pose: Pose | ArrayLike) -> None:
        """Puts the camera somewhere, at once.

        Args:
            pose: A ``Pose`` or a 4×4 matrix, as ``pose``.

        Raises:
            SceneError: If a number is not finite, or its file moves the camera.
        """
        self._put(matrix_of(pose, f"camera {self.name!r}"))

    def look_at(self, position: ArrayLike, target: ArrayLike) -> None:
        """Puts the camera somewhere, at once, looking at a point, with its x axis level.

        Args:
            position: Where it is, (3,), in m.
            target: Where it looks, (3,), in m.

        Raises:
            SceneError: If a number is not finite, both are the same point, or its file moves the camera.
        """
        whose = f"of camera {self.name!r}"
        location, direction = vector_of(position, f"The position {whose}"), vector_of(target, f"The target {whose}")
        direction -= location
        if direction.length == 0.0:
            raise SceneError(f"Camera {self.name!r} cannot look at the point where it is, {tuple(location)}.")
        self._put(Matrix.LocRotScale(location, looking(direction), None))

    def rest(self) -> None:
        """Puts the camera back to where it was before the task moved it, bit for bit."""
        if self._before:
            self._before.restore()
            self._before = None

    def _put(self, pose: Matrix) -> None:
        self._schedule.require(f"Camera {self.name!r} is placed", Phase.RESET, Phase.EPISODE)
        parent = self._object.parent
        if parent or is_moved_by_file(self._object):
            by = repr(self._loaded.name_of(parent)) if parent else "keys, drivers or constraints"
            raise SceneError(f"Camera {self.name!r} cannot be placed: in its file it is moved by {by}.")
        self._before = self._before or OwnPose(self._object)
        self._object.matrix_world = Matrix.LocRotScale(*pose.decompose()[:2], Vector(self._object.scale))
