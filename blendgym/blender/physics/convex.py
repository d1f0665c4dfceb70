"""Convex bodies as functions that give their farthest point in a direction: all that distances between them need.

No ``bpy`` here. Vectors are tuples of three floats, which Python handles faster than arrays this small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Point: TypeAlias = tuple[float, float, float]
Support: TypeAlias = Callable[[Point], Point]


class Convex(NamedTuple):
    """A convex core, grown by a radius, in the frame of its body.

    Args:
        support: The farthest point of the core in a direction of any length.
        radius: In m.
    """

    support: Support
    radius: float = 0.0


class Frame(NamedTuple):
    """A pose in plain numbers.

    Args:
        rows: Three rows of the rotation matrix, from the body's frame to the world's.
        position: In m.
    """

    rows: tuple[Point, Point, Point]
    position: Point


def frame_of(pose: NDArray[np.float64]) -> Frame:
    """The frame of a 4×4 matrix."""
    (a, b, c, x), (d, e, f, y), (g, h, i, z), _ = pose.tolist()
    return Frame(((a, b, c), (d, e, f), (g, h, i)), (x, y, z))


def placed(convex: Convex, frame: Frame) -> Support:
    """The support of a core in the frame of the world."""
    (a, b, c), (d, e, f), (g, h, i) = frame.rows
    px, py, pz = frame.position
    support = convex.support

    def in_world(direction: Point) -> Point:
        u, v, w = direction
        x, y, z = support((a * u + d * v + g * w, b * u + e * v + h * w, c * u + f * v + i * w))
        return a * x + b * y + c * z + px, d * x + e * y + f * z + py, g * x + h * y + i * z + pz

    return in_world


def sphere(radius: float) -> Convex:
    """A ball."""
    return Convex(lambda _: (0.0, 0.0, 0.0), radius)


def capsule(radius: float, reach: float) -> Convex:
    """A ball that has been moved along z, by a reach to either side."""
    return Convex(lambda direction: (0.0, 0.0, math.copysign(reach, direction[2])), radius)


def box(x: float, y: float, z: float) -> Convex:
    """A box of these half sizes."""
    return Convex(lambda d: (math.copysign(x, d[0]), math.copysign(y, d[1]), math.copysign(z, d[2])))


def cylinder(radius: float, reach: float) -> Convex:
    """A cylinder along z, with a reach to either side."""

    def support(direction: Point) -> Point:
        x, y, z = direction
        share = radius / (math.hypot(x, y) or math.inf)
        return share * x, share * y, math.copysign(reach, z)

    return Convex(support)


def cone(radius: float, reach: float, margin: float) -> Convex:
    """A cone with its tip on +z, at a reach from the middle of its height, grown by a margin."""

    def support(direction: Point) -> Point:
        x, y, z = direction
        across = math.hypot(x, y)
        if z * 2.0 * reach > across * radius:
            return 0.0, 0.0, reach
        share = radius / (across or math.inf)
        return share * x, share * y, -reach

    return Convex(support, margin)


def hull(points: NDArray[np.float64], margin: float) -> Convex:
    """The convex hull of some points (points, 3), grown by a margin."""
    corners: Sequence[Point] = [(x, y, z) for x, y, z in points.tolist()]

    def support(direction: Point) -> Point:
        return corners[int((points @ direction).argmax())]

    return Convex(support, margin)


def triangle(corners: Sequence[Point], margin: float) -> Convex:
    """A triangle, grown by a margin."""
    one, two, three = corners

    def support(direction: Point) -> Point:
        x, y, z = direction
        along = [x * point[0] + y * point[1] + z * point[2] for point in (one, two, three)]
        return corners[along.index(max(along))]

    return Convex(support, margin)
