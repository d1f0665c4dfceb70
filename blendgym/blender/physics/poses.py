"""Where bodies are and how they move: between the authors' numbers and Blender's matrices."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from mathutils import Matrix, Quaternion, Vector
from numpy.typing import ArrayLike, NDArray

from blendgym.blender.physics.limits import require_near
from blendgym.errors import SceneError
from blendgym.world import Pose

STILL = Vector((0.0, 0.0, 0.0))
TOLERANCE = 1e-4  # of directions, factors, m, rad, m/s and rad/s: more than what Blender's single precision rounds off


class Motion(NamedTuple):
    """Where a body is, and how it moves, in the frame of the world.

    Args:
        pose: 4×4 matrix from the body's frame to the world's.
        velocity: Of the centre of mass, in m/s.
        rate: Angular velocity, in rad/s.
    """

    pose: Matrix
    velocity: Vector = STILL
    rate: Vector = STILL


def earlier(motion: Motion, seconds: float) -> Motion:
    """Where a body with this motion was some time ago, if it kept its velocities."""
    location, rotation, _ = motion.pose.decompose()
    turned = Quaternion(motion.rate.normalized(), -motion.rate.length * seconds) @ rotation
    return motion._replace(pose=Matrix.LocRotScale(location - motion.velocity * seconds, turned, None))


def carried(motion: Motion, pose: Matrix) -> Motion:
    """How something at a pose moves that is welded to a body with this motion."""
    lever = pose.to_translation() - motion.pose.to_translation()
    return Motion(pose, motion.velocity + motion.rate.cross(lever), motion.rate)


def between(one: Matrix, other: Matrix, share: float) -> Matrix:
    """A pose on the straight way from one to another, at a share of it from 0 to 1."""
    location = one.to_translation().lerp(other.to_translation(), share)
    return Matrix.LocRotScale(location, one.to_quaternion().slerp(other.to_quaternion(), share), None)


def array_of(matrix: Matrix) -> NDArray[np.float64]:
    """What authors see of a matrix: (4, 4)."""
    return arrays_of([matrix])[0]


def arrays_of(matrices: Iterable[Matrix]) -> NDArray[np.float64]:
    """(matrices, 4, 4)."""
    # NumPy itself reads a matrix of mathutils number by number, which takes ten times as long.
    return np.array([[*x, *y, *z, *w] for x, y, z, w in matrices], np.float64).reshape(-1, 4, 4)


def matrix_of(pose: Pose | ArrayLike, whose: str) -> Matrix:
    """The matrix of a pose that an author gives.

    Args:
        pose: A ``Pose``, or a 4×4 matrix that moves and turns.
        whose: What is to be put there, for messages.

    Raises:
        SceneError: If it is no pose, a number is not finite, the quaternion is zero, the matrix scales or mirrors, or
            it is too far away for the physics.
    """
    if isinstance(pose, Pose):
        location = numbers(pose.position, (3,), f"The position of {whose}")
        turn = numbers(pose.orientation, (4,), f"The orientation of {whose}, a quaternion (w, x, y, z),")
        require_near(Vector(location), whose)
        length = float(np.linalg.norm(turn))
        if length == 0.0:
            raise SceneError(f"The orientation of {whose} is a quaternion of zeros; (1, 0, 0, 0) is no turn at all.")
        return Matrix.LocRotScale(Vector(location), Quaternion(turn / length), None)
    matrix = Matrix(numbers(pose, (4, 4), f"The pose of {whose}, a Pose or a matrix,").tolist())
    if not is_rigid(matrix):
        raise SceneError(f"The pose of {whose} scales, shears or mirrors, by its matrix {np.array(pose).tolist()}.")
    require_near(matrix.to_translation(), whose)
    return unscaled(matrix)


def vector_of(values: ArrayLike, what: str) -> Vector:
    """A vector of three numbers that an author gives.

    Raises:
        SceneError: If it has another shape, or a number is not finite.
    """
    return Vector(numbers(values, (3,), what))


def numbers(values: ArrayLike, shape: tuple[int, ...], what: str) -> NDArray[np.float64]:
    """Finite numbers that an author gives.

    Raises:
        SceneError: If they have another shape, or one is not finite.
    """
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    if array.shape == shape and all(map(math.isfinite, array.ravel().tolist())):  # NumPy takes longer for a few.
        return array
    raise SceneError(f"{what} has to be {' × '.join(map(str, shape))} finite numbers, got {values!r}.")


def is_rigid(matrix: Matrix) -> bool:
    """Whether a matrix moves and turns, but neither scales nor shears nor mirrors."""
    return is_upright(matrix) and max(abs(length - 1.0) for length in matrix.to_scale()) <= TOLERANCE


def is_upright(matrix: Matrix) -> bool:
    """Whether a matrix moves, turns and scales, but neither shears nor mirrors, nor flattens."""
    x, y, z = (column.normalized() for column in matrix.to_3x3().col)
    return max(abs(x.dot(y)), abs(y.dot(z)), abs(z.dot(x))) <= TOLERANCE and x.cross(y).dot(z) > 0.5


def unscaled(matrix: Matrix) -> Matrix:
    """A matrix that moves and turns alike, and does not scale."""
    return Matrix.LocRotScale(matrix.to_translation(), matrix.to_quaternion(), None)


def are_close(one: Motion, other: Motion) -> bool:
    """Whether two motions are the same, but for rounding."""
    turn = one.pose.to_quaternion().rotation_difference(other.pose.to_quaternion()).angle
    apart = (one.pose.to_translation() - other.pose.to_translation()).length
    speeds = (one.velocity - other.velocity).length, (one.rate - other.rate).length
    return max(apart, min(turn, 2 * np.pi - turn), *speeds) <= TOLERANCE
