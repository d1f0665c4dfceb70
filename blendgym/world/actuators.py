"""What actions drive: motors of the scene, servos and wrenches that a task asks for."""

from __future__ import annotations

from typing import Protocol

from numpy.typing import ArrayLike

from blendgym.world.pose import Vector


class Motor(Protocol):
    """A force or torque between two bodies: a constraint of type Motor.

    Its axis is x of the constraint's object, and turns with the first of the two bodies. What acts on the second body
    acts on the first in the opposite direction. Set in ``Task.reset`` or ``Task.apply``, it acts until it is set again;
    an episode begins with what the scene was built with.

    Attributes:
        force: On the second body along +x, in N. To set it is a ``SceneError`` if the constraint's linear motor is off,
            or the number is not finite.
        torque: On the second body about +x, in N·m, right-handed. To set it is a ``SceneError`` if the constraint's
            angular motor is off, or the number is not finite.
    """

    force: float
    torque: float


class Servo(Protocol):
    """Drives a hinge or slider to a position or at a velocity, with a limited force; updated in every frame.

    Attributes:
        max_force: In N for a slider, in N·m for a hinge. May be set at any time; the next command goes by it. A
            negative one, or one that is not finite, is a ``SceneError``.
    """

    max_force: float

    def to_position(self, position: float, speed: float = ..., gain: float = ...) -> None:
        """Goes to a position and stays there.

        Args:
            position: In rad or m.
            speed: At most, in rad/s or m/s; any unless you say otherwise.
            gain: Speed for each rad or m that is left to go, in 1/s: what is left shrinks by ``gain`` times the time
                of a frame in each frame, as long as the force suffices. Unless you say otherwise the way is gone in one
                frame, and a servo with too little force for that overshoots.

        Raises:
            SceneError: If the position is not finite, or the speed or gain is negative or NaN.
        """

    def at_velocity(self, velocity: float) -> None:
        """Keeps a velocity (rad/s or m/s).

        Raises:
            SceneError: If it is not finite.
        """

    def release(self) -> None:
        """Lets the joint move freely."""


class Wrench(Protocol):
    """A force and a torque on one body, in the frame of the world.

    Set in ``Task.reset`` or ``Task.apply``, they act until they are set again; an episode begins without any.
    """

    @property
    def force(self) -> Vector:
        """On the centre of mass, float64 (3,), in N; takes three numbers.

        Raises:
            SceneError: If they are set to anything else, or are not finite.
        """

    @force.setter
    def force(self, value: ArrayLike) -> None: ...

    @property
    def torque(self) -> Vector:
        """About the centre of mass, float64 (3,), in N·m; takes three numbers.

        Raises:
            SceneError: If they are set to anything else, or are not finite.
        """

    @torque.setter
    def torque(self, value: ArrayLike) -> None: ...
