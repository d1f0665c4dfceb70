"""A force and a torque on one body.

Blender has no call for either, but motors that never reach their velocity push with exactly the force that they are
told. Three of them act on the centre of mass, along the axes of the world. The torque comes from couples: three more
act on each of two points beside it, on the body's own x and y axes, and what they push is taken back at the centre.
Angular motors would not do: their axes turn with the body (Bullet 2.8).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from mathutils import Matrix, Quaternion, Vector
from numpy.typing import ArrayLike, NDArray

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.hidden import HiddenParts
from blendgym.blender.physics.motor import Motor
from blendgym.blender.physics.poses import Motion, numbers
from blendgym.errors import SceneError

LEVER = 1.0  # m
POINTS = (Vector((0.0, 0.0, 0.0)), Vector((LEVER, 0.0, 0.0)), Vector((0.0, LEVER, 0.0)))
ALONG = (Quaternion(), Quaternion((0.0, 0.0, 1.0), np.pi / 2), Quaternion((0.0, 1.0, 0.0), -np.pi / 2))
"""Turn the x axis of a motor along the axes of the world."""


class Wrench:
    """What pushes and turns a body, in the frame of the world, until it is set again.

    Args:
        parts: What it is made of.
        anchor: A passive body, for the motors to push themselves off.
        body: The body, which the physics moves.
        motion: How it moves at present.
        period: Simulated seconds in one frame.

    Attributes:
        name: Of the body.
        motors: Those that it adds to the scene.

    Raises:
        SceneError: If the physics does not move the body.
    """

    def __init__(
        self, parts: HiddenParts, anchor: Body, body: Body, motion: Callable[[], Motion], period: float
    ) -> None:
        if not body.is_free:
            raise SceneError(f"Body {body.name!r} is passive or animated: nothing pushes it.")
        self.name = body.name
        self._body, self._motion, self._period = body, motion, period
        self._force = self._torque = np.zeros(3)
        ends = anchor.object, body.object
        self.motors: list[Motor] = []
        for point in POINTS:
            for axis in ALONG:
                name = f"Wrench {len(self.motors)} of {body.name}"
                pose = Matrix.LocRotScale(body.rest_pose @ point, axis, None)
                self.motors.append(Motor(parts.motor(name, ends, angular=False), name, pose, anchor, body))

    @property
    def force(self) -> NDArray[np.float64]:
        """(3,) on the centre of mass, in N."""
        return self._force

    @force.setter
    def force(self, value: ArrayLike) -> None:
        self._force = numbers(value, (3,), f"The force on {self._body.name!r}")

    @property
    def torque(self) -> NDArray[np.float64]:
        """(3,) about the centre of mass, in N·m."""
        return self._torque

    @torque.setter
    def torque(self, value: ArrayLike) -> None:
        self._torque = numbers(value, (3,), f"The torque on {self._body.name!r}")

    def release(self) -> None:
        """Lets neither force nor torque act."""
        self._force = self._torque = np.zeros(3)

    @property
    def is_at_rest(self) -> bool:
        """Whether neither force nor torque acts."""
        return not (self._force.any() or self._torque.any())

    def update(self) -> None:
        """Pushes through the coming frame."""
        forces = [Vector(self._force), Vector(), Vector()]
        if self._torque.any():
            forces[1], forces[2] = self._couples()
            forces[0] -= forces[1] + forces[2]
        for motor, along in zip(self.motors, [along for force in forces for along in force], strict=True):
            motor.force = along

    def _couples(self) -> tuple[Vector, Vector]:
        """The smallest forces on the two points whose torques add up to what is asked for."""
        motion = self._motion()
        # The body turns on within the frame: what is right in the middle of it is right on the whole.
        turned = Quaternion(motion.rate.normalized(), motion.rate.length * self._period / 2)
        x, y, z = (turned @ motion.pose.to_quaternion()).to_matrix().col
        torque = Vector(self._torque) / LEVER
        needed = torque - z * (z.dot(torque) / 2)
        return needed.cross(x), needed.cross(y)
