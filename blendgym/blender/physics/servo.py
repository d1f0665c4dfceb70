"""A servo: a velocity-controlled motor with a limited force on a hinge or slider.

Bullet comes to a velocity by iteration. Where a load hangs beside the axis of a hinge, its weight leaves an error that
shrinks with the scene's ``solver_iterations``: some 5% of a typical speed at 50, nothing to be seen at 200. A position
is measured and corrected in every frame, so it is held all the same.
"""

from __future__ import annotations

import math

from mathutils import Matrix

from blendgym.blender.physics.hidden import HiddenParts
from blendgym.blender.physics.joint import AxisJoint
from blendgym.blender.physics.motor import Motor
from blendgym.errors import SceneError

Z_TO_X = Matrix.Rotation(-math.pi / 2, 4, "Y")
"""Turns the x axis of a motor onto the z axis of a hinge."""


class Servo:
    """Drives a joint to a position or at a velocity, with a limited force. It is updated in every frame.

    Args:
        parts: What it is made of.
        joint: The joint.
        max_force: In N for a slider, in N·m for a hinge.
        period: Simulated seconds in one frame.

    Attributes:
        name: Of the joint.
        motor: The motor that it adds to the scene.

    Raises:
        SceneError: If the force is not finite or negative.
    """

    def __init__(self, parts: HiddenParts, joint: AxisJoint, max_force: float, period: float) -> None:
        self.name, self._joint, self._period = joint.name, joint, period
        self.max_force = max_force
        name = f"Servo of {joint.name}"
        obj = parts.motor(name, [body.object for body in joint.ends], angular=joint.is_hinge)
        self.motor = Motor(obj, name, _motor_pose(joint), *joint.ends)
        joint.is_driven = True
        self._position: float | None = None
        self._speed = self._gain = 0.0

    @property
    def max_force(self) -> float:
        """In N for a slider, in N·m for a hinge."""
        return self._max_force

    @max_force.setter
    def max_force(self, value: float) -> None:
        if not 0.0 <= value < math.inf:
            raise SceneError(f"The force of a servo on joint {self.name!r} has to be 0 or more, got {value}.")
        self._max_force = value

    def to_position(self, position: float, speed: float = math.inf, gain: float = math.inf) -> None:
        """Goes to a position and stays there.

        Args:
            position: In rad or m.
            speed: At most, in rad/s or m/s.
            gain: Speed for each rad or m that is left to go, in 1/s. Without one it is all gone in a frame, if the
                force allows; with too little force for that, a servo overshoots.

        Raises:
            SceneError: If the position is not finite, or the speed or gain is negative or NaN.
        """
        if not (math.isfinite(position) and speed >= 0.0 and gain >= 0.0):
            raise SceneError(
                f"A servo on {self.name!r} cannot go to {position} at a speed of {speed} with a gain of {gain}."
            )
        self._position, self._speed = float(position), float(speed)
        self._gain = min(float(gain), 1.0 / self._period)

    def at_velocity(self, velocity: float) -> None:
        """Keeps a velocity, in rad/s or m/s.

        Raises:
            SceneError: If it is not finite.
        """
        if not math.isfinite(velocity):
            raise SceneError(f"A servo on {self.name!r} cannot keep a velocity of {velocity}.")
        self._position = None
        self.motor.drive(float(velocity), self._max_force)

    def release(self) -> None:
        """Lets the joint move freely."""
        self._position = None
        self.motor.rest()

    @property
    def is_at_rest(self) -> bool:
        """Whether it lets the joint move freely."""
        return self._position is None and self.motor.is_at_rest

    def update(self) -> None:
        """Drives towards the position in the coming frame."""
        if self._position is None:
            return
        needed = (self._position - self._joint.position) * self._gain
        self.motor.drive(max(-self._speed, min(needed, self._speed)), self._max_force)


def _motor_pose(joint: AxisJoint) -> Matrix:
    """Along or about the joint's axis; for a slider through the centre of mass, so that it does not turn the load."""
    if joint.is_hinge:
        return joint.built_pose @ Z_TO_X
    return Matrix.LocRotScale(joint.child.rest_pose.to_translation(), joint.built_pose.to_quaternion(), None)
