"""The geometry of the T-shaped block, in its own frame: the origin is its centre of mass, the bar lies along x."""

from __future__ import annotations

import math
from typing import NamedTuple

Point = tuple[float, float]


class Place(NamedTuple):
    """Where a T lies.

    Args:
        x: Of its centre of mass, in m.
        y: Of its centre of mass, in m.
        angle: How far it is turned counterclockwise, in rad.
    """

    x: float
    y: float
    angle: float

    def seen_from(self, other: Place) -> Place:
        """The same in the frame of a T that lies elsewhere."""
        x, y = other.point_seen(self.x, self.y)
        return Place(x, y, self.angle - other.angle)

    def point_at(self, x: float, y: float) -> Point:
        """Where a point of this T is on the table."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        return self.x + cosine * x - sine * y, self.y + sine * x + cosine * y

    def point_seen(self, x: float, y: float) -> Point:
        """A point in the frame of this T."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        x, y = x - self.x, y - self.y
        return cosine * x + sine * y, cosine * y - sine * x


class Rectangle(NamedTuple):
    """A rectangle along the axes.

    Args:
        x: Of its centre, in m.
        y: Of its centre, in m.
        half_width: Along x, in m.
        half_height: Along y, in m.
    """

    x: float
    y: float
    half_width: float
    half_height: float

    @property
    def area(self) -> float:
        """In m²."""
        return 4.0 * self.half_width * self.half_height

    @property
    def corners(self) -> list[Point]:
        """Counterclockwise."""
        w, h = self.half_width, self.half_height
        return [(self.x + sx * w, self.y + sy * h) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


def _parts() -> tuple[Rectangle, Rectangle]:
    """The bar above the stem, so that their common centre of mass is the origin."""
    bar, stem = BAR[0] * BAR[1], STEM[0] * STEM[1]
    distance = (BAR[1] + STEM[1]) / 2
    top = distance * stem / (bar + stem)
    return Rectangle(0.0, top, BAR[0] / 2, BAR[1] / 2), Rectangle(0.0, top - distance, STEM[0] / 2, STEM[1] / 2)


BAR = (0.2, 0.05)  # m, along x and y
STEM = (0.05, 0.15)
THICKNESS = 0.04
PARTS = _parts()
AREA = PARTS[0].area + PARTS[1].area
REACH = max(math.hypot(x, y) for part in PARTS for x, y in part.corners)
"""The distance of the farthest corner from the centre of mass, in m."""


GOAL = Place(0.0, 0.0, math.pi / 4)
"""Where the block is to lie on the table."""


def second_moments() -> Point:
    """Means of x² and y² over the block, in m²: they sum to the square of its radius of gyration about z."""
    along_x = sum(part.area * (part.half_width**2 / 3 + part.x**2) for part in PARTS) / AREA
    along_y = sum(part.area * (part.half_height**2 / 3 + part.y**2) for part in PARTS) / AREA
    return along_x, along_y


def _outline() -> list[Point]:
    (left, bottom), _, (right, top), _ = PARTS[0].corners
    (stem_left, end), (stem_right, _), *_ = PARTS[1].corners
    return [
        (left, bottom), (stem_left, bottom), (stem_left, end), (stem_right, end),
        (stem_right, bottom), (right, bottom), (right, top), (left, top),
    ]  # fmt: skip


OUTLINE = _outline()
"""The eight corners, counterclockwise."""

GYRATION = math.sqrt(sum(second_moments()))
"""The radius of gyration about the vertical axis through the centre of mass, in m."""


def coverage(place: Place) -> float:
    """The share of a T at the origin that one at another place covers.

    Exact: the parts of the one are convex, and are clipped with those of the other.
    """
    if math.hypot(place.x, place.y) >= 2.0 * REACH:
        return 0.0
    common = 0.0
    for part in PARTS:
        moved = [place.point_at(*corner) for corner in part.corners]
        common += sum(_area(_within(moved, other)) for other in PARTS if _may_meet(moved, other))
    return common / AREA


def displacement(place: Place) -> float:
    """How far the points of a T are from those of one at the origin, in m: the root of the mean square."""
    x, y, angle = place
    return math.sqrt(x * x + y * y + 2.0 * GYRATION**2 * (1.0 - math.cos(angle)))


def distance(x: float, y: float) -> float:
    """From a point in the frame of the T to its outline, in m; 0 within."""
    return min(
        math.hypot(max(abs(x - part.x) - part.half_width, 0.0), max(abs(y - part.y) - part.half_height, 0.0))
        for part in PARTS
    )


def _may_meet(polygon: list[Point], frame: Rectangle) -> bool:
    """Whether the bounding box of a polygon meets a rectangle; most do not, and need not be clipped."""
    xs, ys = zip(*polygon, strict=True)
    apart_x = max(min(xs) - frame.x, frame.x - max(xs)) - frame.half_width
    apart_y = max(min(ys) - frame.y, frame.y - max(ys)) - frame.half_height
    return bool(max(apart_x, apart_y) < 0.0)


def _within(polygon: list[Point], frame: Rectangle) -> list[Point]:
    """The part of a convex polygon that is within a rectangle."""
    for axis, centre, half in ((0, frame.x, frame.half_width), (1, frame.y, frame.half_height)):
        polygon = _cut(polygon, axis, 1.0, centre + half)
        polygon = _cut(polygon, axis, -1.0, half - centre)
    return polygon


def _cut(polygon: list[Point], axis: int, sign: float, limit: float) -> list[Point]:
    """The part of a convex polygon where a coordinate, times the sign, is at most the limit."""
    depths = [limit - sign * point[axis] for point in polygon]
    if min(depths, default=0.0) >= 0.0:
        return polygon
    kept: list[Point] = []
    for here, depth in enumerate(depths):
        before, depth_before = polygon[here - 1], depths[here - 1]
        if (depth < 0.0) != (depth_before < 0.0):
            share = depth_before / (depth_before - depth)
            to = polygon[here]
            kept.append((before[0] + share * (to[0] - before[0]), before[1] + share * (to[1] - before[1])))
        if depth >= 0.0:
            kept.append(polygon[here])
    return kept


def _area(polygon: list[Point]) -> float:
    """Of a polygon whose corners go counterclockwise."""
    pairs = zip(polygon, polygon[1:] + polygon[:1], strict=True)
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs) / 2.0
