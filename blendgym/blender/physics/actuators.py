"""The servos and wrenches that a task has made, all of one world."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mathutils import Matrix

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.hidden import HiddenParts
from blendgym.blender.physics.joint import AxisJoint
from blendgym.blender.physics.motor import Motor
from blendgym.blender.physics.observer import Observer
from blendgym.blender.physics.poses import Motion
from blendgym.blender.physics.servo import Servo
from blendgym.blender.physics.wrench import Wrench


class Actuators:
    """Makes actuators, keeps them up to date, and forgets them.

    Args:
        parts: What they are made of.
        observer: Who knows where the bodies are.
        period: Simulated seconds in one frame.

    Attributes:
        made: All that there are.
    """

    def __init__(self, parts: HiddenParts, observer: Observer, period: float) -> None:
        self._parts, self._observer, self._period = parts, observer, period
        self.made: list[Servo | Wrench] = []
        self._motors: list[Motor] = []
        self._anchor: Body | None = None

    def servo(self, joint: AxisJoint, max_force: float) -> Servo:
        """Makes a servo on a hinge or slider."""
        made = Servo(self._parts, joint, max_force, self._period)
        self.made.append(made)
        self._motors.append(made.motor)
        return made

    def wrench(self, body: Body, motion: Callable[[], Motion]) -> Wrench:
        """Makes what pushes and turns a body.

        Args:
            body: The body.
            motion: How it moves at present.
        """
        self._anchor = self._anchor or Body(self._parts.anchor("Anchor"), "Anchor", Matrix(), self._observer)
        made = Wrench(self._parts, self._anchor, body, motion, self._period)
        self.made.append(made)
        self._motors += made.motors
        return made

    def forget(self) -> None:
        """Takes all of them out of the scene."""
        self._parts.put_away()
        self.made.clear()
        self._motors.clear()
        self._anchor = None

    def release(self) -> None:
        """Lets none of them act."""
        for actuator in self.made:
            actuator.release()

    def update(self) -> None:
        """Lets them act through the coming frame."""
        for actuator in self.made:
            actuator.update()

    def follow(self, built: Mapping[Body, Motion]) -> None:
        """Moves them to where they were built on their bodies, for the physics to be built there."""
        anchored = {**built, self._anchor: Motion(self._anchor.rest_pose)} if self._anchor else built
        for motor in self._motors:
            motor.follow(anchored[motor.base], anchored[motor.carrier])
