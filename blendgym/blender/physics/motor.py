"""A motor that pushes one body with a given force, or turns it with a given torque."""

from __future__ import annotations

import math

import bpy
from mathutils import Matrix

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.poses import Motion
from blendgym.blender.physics.saved_state import set_pose
from blendgym.errors import SceneError

# Blender has no call that applies a force. But a motor with a target velocity that it never reaches saturates at its
# "max impulse", which Bullet takes for a force or torque: exactly that acts on the second body, relative to the first.
UNREACHABLE_SPEED = 1000.0  # m/s or rad/s


SETTINGS = ("motor_lin_target_velocity", "motor_lin_max_impulse", "motor_ang_target_velocity", "motor_ang_max_impulse")


class Motor:
    """A rigid-body constraint of type Motor. An episode begins with what the scene has set it to do.

    Args:
        obj: The object that carries the constraint; it pushes along its own x axis, and turns about it.
        name: Of the motor.
        pose: Of that object, as the scene was built.
        base: The constraint's first body, which feels the opposite; the axis turns with it.
        child: The constraint's second body.

    Attributes:
        carrier: The body at whose point the motor acts, where it was built: the second, unless only the first moves.
    """

    def __init__(self, obj: bpy.types.Object, name: str, pose: Matrix, base: Body, child: Body) -> None:
        self.base, self.child, self.name = base, child, name
        self._object = obj
        self._constraint = obj.rigid_body_constraint
        self._in_base: Matrix = base.rest_pose.inverted() @ pose
        self.carrier = base if base.is_free and not child.is_free else child
        self._in_carrier: Matrix = self.carrier.rest_pose.inverted() @ pose
        self._as_built = {setting: getattr(self._constraint, setting) for setting in SETTINGS}

    @property
    def force(self) -> float:
        """Force on the child along the motor's +x axis, in N. It acts until it is set again."""
        return math.copysign(self._constraint.motor_lin_max_impulse, -self._constraint.motor_lin_target_velocity)

    @force.setter
    def force(self, value: float) -> None:
        if not self._constraint.use_motor_lin:
            raise SceneError(f"Motor {self.name!r} has its linear motor off; switch on Motor > Linear.")
        self._require_finite(value)
        # A negative target velocity pushes the second body towards +x.
        target = -math.copysign(UNREACHABLE_SPEED, value)
        if self._constraint.motor_lin_target_velocity != target:  # To look costs a sixth of setting it.
            self._constraint.motor_lin_target_velocity = target
        self._constraint.motor_lin_max_impulse = abs(value)

    @property
    def torque(self) -> float:
        """Torque on the child about the motor's +x axis, in N·m. It acts until it is set again."""
        return math.copysign(self._constraint.motor_ang_max_impulse, -self._constraint.motor_ang_target_velocity)

    @torque.setter
    def torque(self, value: float) -> None:
        if not self._constraint.use_motor_ang:
            raise SceneError(f"Motor {self.name!r} has its angular motor off; switch on Motor > Angular.")
        self._require_finite(value)
        target = -math.copysign(UNREACHABLE_SPEED, value)
        if self._constraint.motor_ang_target_velocity != target:
            self._constraint.motor_ang_target_velocity = target
        self._constraint.motor_ang_max_impulse = abs(value)

    @property
    def is_at_rest(self) -> bool:
        """Whether it does what the scene was built with."""
        return all(getattr(self._constraint, setting) == value for setting, value in self._as_built.items())

    def _require_finite(self, value: float) -> None:
        if not math.isfinite(value):
            raise SceneError(f"Motor {self.name!r} has to be given a finite number, got {value}.")

    def drive(self, velocity: float, max_force: float) -> None:
        """Keeps a velocity of the second body relative to the first along or about the axis, with a limited force."""
        if self._constraint.use_motor_ang:
            self._constraint.motor_ang_target_velocity = -velocity
            self._constraint.motor_ang_max_impulse = max_force
        else:
            self._constraint.motor_lin_target_velocity = -velocity
            self._constraint.motor_lin_max_impulse = max_force

    def rest(self) -> None:
        """Lets it do what the scene was built with: nothing, if that was with the toolbox of ``blendgym.scenes``."""
        for setting, value in self._as_built.items():
            setattr(self._constraint, setting, value)

    def follow(self, base: Motion, carrier: Motion) -> None:
        """Moves the motor's own frame to where it was built on its bodies, for the physics to be built there."""
        if self._object.rigid_body:  # It is one of the bodies.
            return
        point = carrier.pose @ self.carrier.stretched(self._in_carrier.to_translation())
        set_pose(self._object, Matrix.LocRotScale(point, (base.pose @ self._in_base).to_quaternion(), None))
