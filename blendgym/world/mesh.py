"""Meshes that change their shape."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Mesh(Protocol):
    """The mesh of an object. What a task does with it, the next episode forgets.

    Attributes:
        name: Of its object in the scene.
    """

    name: str

    @property
    def vertices(self) -> NDArray[np.float32]:
        """Float32 (vertices, 3) in the frame of the object, in m, before its scale and modifiers.

        May be set as a whole in ``Task.reset``, to as many; they stay connected as they are. Every engine shows it. A
        body with a hull or a mesh for its collision shape has the new one, other shapes follow the bounding box; its
        centre of mass stays the origin.

        Raises:
            SceneError: If they are set elsewhere, to other than as many finite numbers, or where the mesh has shape
                keys or is that of other objects, too.
        """

    @vertices.setter
    def vertices(self, places: ArrayLike) -> None: ...
