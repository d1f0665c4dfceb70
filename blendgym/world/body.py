"""Rigid bodies."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blendgym.world.pose import ZERO, Pose, Vector


class Body(Protocol):
    """A rigid body. Its centre of mass is the origin of its object, as Blender has it.

    Attributes:
        name: Of its object in the scene.
        mass: In kg; may be set in ``Task.reset``, as may the following. Elsewhere, or to what Blender does not take,
            that is a ``SceneError``. The next episode begins with the numbers of the scene again.
        friction: Coulomb's coefficient. Of two bodies that touch, Blender takes the product of theirs.
        restitution: Share of the speed that is left after an impact, of two bodies the product of theirs.
        linear_damping: Share of the velocity that is lost in a second, from 0 to 1.
        angular_damping: Share of the angular velocity that is lost in a second, from 0 to 1.
    """

    name: str
    mass: float
    friction: float
    restitution: float
    linear_damping: float
    angular_damping: float

    @property
    def pose(self) -> NDArray[np.float64]:
        """From the body's frame to the world's, float64 (4, 4), at the end of the last control period.

        In ``Task.reset`` this is where the episode is going to begin, as are the following.
        """

    @property
    def position(self) -> Vector:
        """Of its origin, float64 (3,), in m, at the same moment."""

    @property
    def orientation(self) -> NDArray[np.float64]:
        """Unit quaternion (w, x, y, z), float64 (4,), at the same moment."""

    @property
    def velocity(self) -> Vector:
        """Of its centre of mass, float64 (3,), in m/s, at the same moment."""

    @property
    def angular_velocity(self) -> Vector:
        """Float64 (3,), in rad/s, at the same moment."""

    @property
    def inertia(self) -> Vector:
        """Moments of inertia about its own axes through its centre of mass, float64 (3,), in kg·m².

        They are those of the solver, which takes the bounding box for capsules, cones, hulls and compounds.
        """

    def place(self, pose: Pose | ArrayLike, velocity: ArrayLike = ZERO, angular_velocity: ArrayLike = ZERO) -> None:
        """Sets the state in which the episode begins, in ``Task.reset``. What hangs on the body by joints comes along.

        Args:
            pose: A ``Pose``, or a 4×4 matrix such as the ``pose`` of a body.
            velocity: Of its centre of mass, (3,), in m/s.
            angular_velocity: (3,), in rad/s.

        Raises:
            SceneError: If a number is not finite, the quaternion is zero, the body is passive and given a velocity, it
                is placed further than 10 km from the origin, or elsewhere than in ``Task.reset``. What is faster than
                frames and physics steps can show is refused when the episode begins.
        """

    def move_to(self, pose: Pose | ArrayLike) -> None:
        """Moves a kinematic or held body evenly over the coming control period, in ``Task.apply``.

        It pushes what it meets.

        Raises:
            SceneError: If the body is neither, the pose is none where a body can be placed, or no episode is under way.
        """

    def hold(self) -> None:
        """Keeps the body from the physics, in ``Task.reset`` or ``Task.apply``, until it is released.

        It stays where it is, or is placed, and goes where ``move_to`` says, as a kinematic one. The next episode begins
        without it being held.

        Raises:
            SceneError: If the body is passive or kinematic, a joint holds it, or it is held in ``Task.bind``.
        """

    def release(self, pose: Pose | ArrayLike | None = None) -> None:
        """Gives a held body back to the physics, at rest, in ``Task.apply``.

        It stands still for one frame of Blender, and falls from the next one on.

        Args:
            pose: Where it is let go of, a ``Pose`` or a 4×4 matrix. It is there after one frame more, and touches
                nothing on the way. ``None`` for where it is.

        Raises:
            SceneError: If the body is not held, a number is not finite, or no episode is under way.
        """
