"""Cameras."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blendgym.world.pose import Pose


class Camera(Protocol):
    """A camera. What a task does with it, the next episode forgets.

    A parameter that places the same camera cannot be in effect together with a task that places it in its reset.

    Attributes:
        name: Of its object in the scene.
    """

    name: str

    @property
    def pose(self) -> NDArray[np.float64]:
        """From the camera's frame to the world's, float64 (4, 4), at this moment.

        x is to the right, y up, and the camera looks along -z, as in Blender.
        """

    def place(self, pose: Pose | ArrayLike) -> None:
        """Puts the camera somewhere, at once, in ``Task.reset`` or ``Task.apply``; the next image shows it.

        Args:
            pose: A ``Pose``, or a 4×4 matrix such as the ``pose`` of a camera.

        Raises:
            SceneError: If a number is not finite, or the file moves the camera, by a parent, keys, drivers or
                constraints.
        """

    def look_at(self, position: ArrayLike, target: ArrayLike) -> None:
        """Puts the camera somewhere, looking at a point, with its x axis level.

        Args:
            position: Where it is, (3,), in m.
            target: Where it looks, (3,), in m.

        Raises:
            SceneError: If a number is not finite, both are the same point, or the file moves the camera.
        """
