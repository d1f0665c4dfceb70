"""Ways of the finger around the block, which it must not touch before it pushes."""

from __future__ import annotations

import math

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.task import REACH
from blendgym.envs.push_t.tee import Place, Point

ROOM = 0.001  # m, between finger and block on the way
RING = 0.012  # m, between them at the corners of detours
BACK_OFF = 0.05  # m
SAMPLE = 0.006  # m


def next_point(start: Point, goal: Point, block: Place, radius: float) -> Point:
    """Where to go first, straight, on the shortest free way.

    Args:
        start: Where the finger is, in m. It may be nearer to the block than it may come on the way.
        goal: Where it wants to be, free of the block.
        block: Where that lies.
        radius: Of the finger, in m.
    """
    here = min(radius + ROOM, _distance(start, block) - ROOM / 2)
    if _is_free(start, goal, block, here):
        return goal
    corners = [block.point_at(*corner) for corner in _ring(radius + RING)]
    points = [start, goal, *(corner for corner in corners if max(map(abs, corner)) < REACH)]
    before = _shortest(points, block, radius + ROOM, here)
    if 1 not in before:
        return _away(start, block)
    point = 1
    while before[point] != 0:
        point = before[point]
    return points[point]


def _shortest(points: list[Point], block: Place, clearance: float, clearance_at_first: float) -> dict[int, int]:
    """The point before each that can be reached from the first one: Dijkstra's algorithm."""
    lengths, before, open_points = {0: 0.0}, {0: 0}, {0}
    done: set[int] = set()
    while open_points:
        here = min(open_points, key=lengths.__getitem__)
        open_points.remove(here)
        done.add(here)
        for there in range(len(points)):
            length = lengths[here] + math.dist(points[here], points[there])
            if there in done or length >= lengths.get(there, math.inf):
                continue
            if _is_free(points[here], points[there], block, clearance if here else clearance_at_first):
                lengths[there], before[there] = length, here
                open_points.add(there)
    return before


def _ring(clearance: float) -> list[Point]:
    """The corners of the block, moved out by a clearance from both of their sides."""
    corners = tee.OUTLINE
    after = [_outwards(start, end) for start, end in zip(corners, corners[1:] + corners[:1], strict=True)]
    before = after[-1:] + after[:-1]
    return [
        (x + clearance * (one[0] + other[0]), y + clearance * (one[1] + other[1]))
        for (x, y), one, other in zip(corners, before, after, strict=True)
    ]


def _outwards(start: Point, end: Point) -> Point:
    """The unit vector to the right of a side, out of a polygon that goes counterclockwise."""
    length = math.dist(start, end)
    return (end[1] - start[1]) / length, (start[0] - end[0]) / length


def _away(start: Point, block: Place) -> Point:
    """A step away from the middle of the block."""
    length = max(math.dist(start, block[:2]), 1e-6)
    x, y = (here + BACK_OFF * (here - there) / length for here, there in zip(start, block[:2], strict=True))
    return min(max(x, -REACH), REACH), min(max(y, -REACH), REACH)


def _is_free(start: Point, end: Point, block: Place, clearance: float) -> bool:
    count = max(2, math.ceil(math.dist(start, end) / SAMPLE))
    ways = (
        (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
        for share in (step / count for step in range(count + 1))
    )
    return all(_distance(point, block) > clearance for point in ways)


def _distance(point: Point, block: Place) -> float:
    return tee.distance(*block.point_seen(*point))
