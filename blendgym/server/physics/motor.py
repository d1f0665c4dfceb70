"""A motor that pushes one body along a line with a given force."""

from __future__ import annotations

import math

import bpy
from mathutils import Matrix

from blendgym.errors import SceneError
from blendgym.server.physics.body import Body

# Blender has no call that applies a force. But a motor with a target velocity that it never reaches saturates at its
# "max impulse", which Bullet takes for a force: exactly that force acts on the second body, relative to the first.
UNREACHABLE_SPEED = 1000.0  # m/s


class Motor:
    """A rigid-body constraint of type Motor with its linear motor on.

    Args:
        obj: The object that carries the constraint; it pushes along its own x axis.
        name: Of the motor.
        pose: Of that object, as the scene was built.
        child: The body that is pushed.
    """

    def __init__(self, obj: bpy.types.Object, name: str, pose: Matrix, child: Body) -> None:
        self.child = child
        self._object = obj
        self._constraint = obj.rigid_body_constraint
        self._offset: Matrix = child.rest_pose.inverted() @ pose
        if not self._constraint.use_motor_lin:
            raise SceneError(f"Motor {name!r} has its linear motor off; switch on Motor > Linear.")

    @property
    def force(self) -> float:
        """Force on the child along the motor's +x axis, in N. It acts until it is set again."""
        return math.copysign(self._constraint.motor_lin_max_impulse, -self._constraint.motor_lin_target_velocity)

    @force.setter
    def force(self, value: float) -> None:
        # A negative target velocity pushes the second body towards +x.
        self._constraint.motor_lin_target_velocity = -UNREACHABLE_SPEED if value > 0 else UNREACHABLE_SPEED
        self._constraint.motor_lin_max_impulse = abs(value)

    def follow(self, child_pose: Matrix) -> None:
        """Moves the motor's own frame with its child, before the physics is initialized."""
        self._object.location = (child_pose @ self._offset).to_translation()
