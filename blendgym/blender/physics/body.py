"""A rigid body of a scene."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from blendgym.errors import SceneError

AXES = {"x": 0, "y": 1, "z": 2}


class Body:
    """A rigid body, by the object that carries it. Lengths in m, masses in kg, poses in the frame of the world.

    Args:
        obj: An object with a rigid body.
        name: Of the body.
        rest_pose: From the body's frame to the world's, as the scene was built.

    Attributes:
        pose: The same, as it was located last.
    """

    def __init__(self, obj: bpy.types.Object, name: str, rest_pose: Matrix) -> None:
        self.object, self.name = obj, name
        self.rest_pose = self.pose = rest_pose
        self.active = obj.rigid_body.type == "ACTIVE"
        self._scale = Vector((1.0, 1.0, 1.0))
        if tuple(obj.scale) != (1.0, 1.0, 1.0):
            raise SceneError(
                f"Body {name!r} has object scale {tuple(obj.scale)}; Blender's physics needs 1. "
                "Apply it: select the object, Object > Apply > Scale."
            )
        obj.rotation_mode = "QUATERNION"
        # Bullet does not restore its sleep state on reset, so a sleeping body would depend on the last episode.
        obj.rigid_body.use_deactivation = False
        self._rest_vertices: Any = vertices(obj.data) if obj.type == "MESH" else None

    @property
    def mass(self) -> float:
        """Mass in kg."""
        return float(self.object.rigid_body.mass)

    @mass.setter
    def mass(self, value: float) -> None:
        self.object.rigid_body.mass = value

    def extent(self, axis: str) -> float:
        """Length of the mesh along one of the body's own axes, in m."""
        column = vertices(self._mesh())[:, AXES[axis]]
        return float(column.max() - column.min())

    def set_extent(self, axis: str, value: float) -> None:
        """Stretches the mesh along one of the body's own axes to a length in m.

        The centre of mass stays in the middle; the body's joint moves it so that the end at the joint stays.
        """
        mesh = self._mesh()
        rest = self._rest_vertices
        column = rest[:, AXES[axis]]
        factor = value / float(column.max() - column.min())
        if factor == self._scale[AXES[axis]]:
            return
        self._scale[AXES[axis]] = factor
        mesh.vertices.foreach_set("co", (rest * np.array(self._scale, np.float32)).ravel())
        mesh.update()

    def inertia(self, axis: Vector) -> float:
        """Moment of inertia about an axis through the centre of mass, given in the body's own frame, in kg·m².

        Raises:
            SceneError: If the collision shape is no box.
        """
        if self.object.rigid_body.collision_shape != "BOX":
            raise SceneError(f"The inertia of body {self.name!r} is known only for the collision shape 'Box'.")
        x, y, z = (self.extent(name) ** 2 for name in AXES)
        diagonal = Vector((y + z, x + z, x + y)) * (self.mass / 12.0)
        return float(sum(diagonal[i] * axis[i] ** 2 for i in range(3)))

    def stretched(self, offset: Vector) -> Vector:
        """An offset in the body's own frame, stretched like the mesh."""
        return Vector(offset[i] * self._scale[i] for i in range(3))

    def locate(self, depsgraph: bpy.types.Depsgraph) -> None:
        """Reads the pose that a frame has led to."""
        # Blender writes poses back to the objects only in the scene of its window.
        self.pose = self.object.evaluated_get(depsgraph).matrix_world

    def move_to(self, pose: Matrix) -> None:
        """Puts the body somewhere; it stays there only while it is held."""
        self.object.location = pose.to_translation()
        self.object.rotation_quaternion = pose.to_quaternion()

    def hold(self) -> None:
        """Lets the body follow ``move_to`` instead of the physics."""
        if self.active:
            self.object.rigid_body.kinematic = True

    def release(self) -> None:
        """Gives the body back to the physics, with the velocity that it was moved with."""
        if self.active:
            self.object.rigid_body.kinematic = False

    def _mesh(self) -> Any:
        if self._rest_vertices is None:
            raise SceneError(f"Body {self.name!r} is no mesh, so it has no extent.")
        return self.object.data


def vertices(mesh: Any) -> Any:
    """Vertex coordinates in the object's frame: float32 (vertices, 3), in m."""
    coordinates = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", coordinates)
    return coordinates.reshape(-1, 3)
