"""A mesh that a task reshapes."""

from __future__ import annotations

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from blendgym.blender.physics.phases import Phase, Schedule
from blendgym.blender.physics.shapes import vertices
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError


class ReshapedMesh:
    """The mesh of an object, in the object's frame.

    Args:
        loaded: The scene.
        obj: The object.
        name: Of the object.
        schedule: What the task is doing at present.
    """

    def __init__(self, loaded: LoadedScene, obj: bpy.types.Object, name: str, schedule: Schedule) -> None:
        self._loaded, self._object, self.name, self._schedule = loaded, obj, name, schedule
        self._before: NDArray[np.float32] | None = None

    @property
    def vertices(self) -> NDArray[np.float32]:
        """(vertices, 3) in m, without the object's scale and modifiers."""
        return vertices(self._object.data)

    @vertices.setter
    def vertices(self, places: ArrayLike) -> None:
        self._schedule.require(f"Mesh {self.name!r} is reshaped", Phase.RESET)
        self._require_own()
        before, given = self.vertices, self._read(places)
        self._before = before if self._before is None else self._before
        self._write(given)

    def rest(self) -> None:
        """Gives it the shape back that it had before the task reshaped it, bit for bit."""
        if self._before is not None:
            self._write(self._before)
            self._before = None

    def _read(self, places: ArrayLike) -> NDArray[np.float32]:
        """The places as the mesh holds them.

        Raises:
            SceneError: If they are not as many as its vertices, or not finite.
        """
        given = np.asarray(places)
        count = len(self._object.data.vertices)
        if given.shape != (count, 3) or given.dtype.kind not in "fiu":
            raise SceneError(
                f"The vertices of mesh {self.name!r} are {given.dtype} {given.shape}; expected numbers in m, "
                f"{(count, 3)}."
            )
        with np.errstate(over="ignore"):  # It is told below.
            single = given.astype(np.float32)
        if not np.isfinite(single).all():
            row = int(np.argwhere(~np.isfinite(single))[0, 0])
            raise SceneError(f"Vertex {row} of mesh {self.name!r} would be at {given[row]}; expected finite numbers.")
        return single

    def _require_own(self) -> None:
        """Raises an error if its vertices are not what is seen, or are seen elsewhere, too."""
        mesh = self._object.data
        if mesh.shape_keys:
            raise SceneError(f"Mesh {self.name!r} cannot be reshaped: it has shape keys, which win over its vertices.")
        others = [name for name, obj in self._loaded.objects.items() if obj.data == mesh and name != self.name]
        if others:
            raise SceneError(
                f"Mesh {self.name!r} cannot be reshaped, for {', '.join(others)} would change with it. Give each its "
                "own in Blender: Object > Relations > Make Single User > Object & Data; copies of a template share one."
            )

    def _write(self, places: NDArray[np.float32]) -> None:
        mesh = self._object.data
        mesh.vertices.foreach_set("co", places.ravel())
        mesh.update()
