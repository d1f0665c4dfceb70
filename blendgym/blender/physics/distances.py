"""Distances between convex bodies, negative where they interpenetrate: the algorithms GJK and EPA.

Both look at the Minkowski difference of two bodies, all differences of a point of the one and a point of the other.
Its distance from the origin is that of the bodies; if the origin is inside, its depth is that of the penetration.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from typing import NamedTuple

from blendgym.blender.physics.convex import Point, Support

PRECISION = 1e-8  # m; Blender's own poses are rounded to more
ROUNDS = 100
AXES: tuple[Point, ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


class Vertex(NamedTuple):
    """A point of the Minkowski difference, and the points that it is the difference of."""

    difference: Point
    first: Point
    second: Point


class Separation(NamedTuple):
    """How two bodies are to each other.

    Args:
        distance: In m, negative if they interpenetrate.
        normal: Unit vector from the first to the second.
        first: The point of the first body that is nearest to, or deepest in, the second.
        second: The other way round.
    """

    distance: float
    normal: Point
    first: Point
    second: Point


class Face(NamedTuple):
    """A triangle of a polytope around the origin.

    Args:
        corners: Of the Minkowski difference.
        normal: Unit vector away from the polytope.
        distance: Of its plane from the origin; infinite if it has no area.
    """

    corners: tuple[Vertex, Vertex, Vertex]
    normal: Point
    distance: float


def separation(first: Support, second: Support, within: float = math.inf) -> Separation | None:
    """How two convex bodies are to each other; nothing if they are farther apart than a distance (m)."""
    simplex = [_vertex(first, second, AXES[0])]
    nearest, weights = simplex[0].difference, [1.0]
    for _ in range(ROUNDS):
        distance = math.sqrt(_dot(nearest, nearest))
        if distance < PRECISION or len(simplex) == 4:
            return _penetration(first, second, simplex)
        vertex = _vertex(first, second, _scaled(nearest, -1.0))
        least = _dot(nearest, vertex.difference) / distance
        if least > within:
            return None
        if distance - least < PRECISION or vertex in simplex:
            break
        simplex, weights, nearest = _nearest([*simplex, vertex])
    normal = _scaled(nearest, -1.0 / distance)
    return Separation(distance, normal, *_witnesses(simplex, weights))


def _vertex(first: Support, second: Support, direction: Point) -> Vertex:
    one, other = first(direction), second(_scaled(direction, -1.0))
    return Vertex(_minus(one, other), one, other)


def _nearest(simplex: list[Vertex]) -> tuple[list[Vertex], list[float], Point]:
    """The part of a simplex that is nearest to the origin, with the weights of the nearest point, and that point."""
    if len(simplex) == 4 and (weights := _inside(simplex)):
        return simplex, weights, _mixed([vertex.difference for vertex in simplex], weights)
    *older, last = simplex
    best, least = ([last], [1.0], last.difference), _dot(last.difference, last.difference)
    # What is nearest has the last vertex: without it, nothing is nearer than what was nearest before.
    for count in range(1, min(len(older), 2) + 1):
        for others in combinations(older, count):
            part = [*others, last]
            points = [vertex.difference for vertex in part]
            weights = _projected(points)
            if weights and min(weights) >= 0.0:
                nearest = _mixed(points, weights)
                # A smaller part has come before: it is kept where a larger one is no nearer.
                if (square := _dot(nearest, nearest)) < least * (1.0 - 1e-12):
                    best, least = (part, weights, nearest), square
    return best


def _projected(points: list[Point]) -> list[float] | None:
    """Barycentric coordinates of the origin, dropped onto a point, line or plane; nothing if points coincide."""
    if len(points) == 1:
        return [1.0]
    origin = _scaled(points[0], -1.0)
    along = _minus(points[1], points[0])
    square = _dot(along, along)
    if len(points) == 2:
        if square == 0.0:
            return None
        share = _dot(origin, along) / square
        return [1.0 - share, share]
    across = _minus(points[2], points[0])
    mixed, other = _dot(along, across), _dot(across, across)
    area = square * other - mixed * mixed
    if area <= 1e-14 * square * other:
        return None
    one, two = _dot(origin, along), _dot(origin, across)
    second, third = (other * one - mixed * two) / area, (square * two - mixed * one) / area
    return [1.0 - second - third, second, third]


def _inside(simplex: list[Vertex]) -> list[float] | None:
    """Barycentric coordinates of the origin in a tetrahedron; nothing if it is outside or the tetrahedron flat."""
    a, b, c, d = (vertex.difference for vertex in simplex)
    ab, ac, ad, ao = _minus(b, a), _minus(c, a), _minus(d, a), _scaled(a, -1.0)
    volume = _dot(ab, _cross(ac, ad))
    if abs(volume) <= 1e-14 * math.sqrt(_dot(ab, ab) * _dot(ac, ac) * _dot(ad, ad)):
        return None
    second = _dot(ao, _cross(ac, ad)) / volume
    third = _dot(ab, _cross(ao, ad)) / volume
    fourth = _dot(ab, _cross(ac, ao)) / volume
    weights = [1.0 - second - third - fourth, second, third, fourth]
    return weights if min(weights) >= 0.0 else None


def _penetration(first: Support, second: Support, simplex: list[Vertex]) -> Separation:
    """Grows a polytope around the origin until its nearest face is one of the Minkowski difference."""
    corners = _tetrahedron(first, second, simplex)
    if len(corners) < 3:
        return _of_lines(corners)
    middle = _mixed([corner.difference for corner in corners], [1.0 / len(corners)] * len(corners))
    faces = [_face(part, middle) for part in combinations(corners, 3)]
    for _ in range(ROUNDS):
        face = min(faces, key=lambda each: each.distance)
        vertex = _vertex(first, second, face.normal)
        if _dot(vertex.difference, face.normal) - face.distance < PRECISION:
            break
        seen = [
            each for each in faces
            if _dot(each.normal, _minus(vertex.difference, each.corners[0].difference)) > PRECISION / 10
        ]  # fmt: skip
        rim = [edge for each in seen for edge in combinations(each.corners, 2)]
        times = Counter(map(frozenset, rim))
        edges = [edge for edge in rim if times[frozenset(edge)] == 1]
        if not edges:
            break
        faces = [each for each in faces if each not in seen]
        faces += [_face((*edge, vertex), middle) for edge in edges]
    weights = _projected([corner.difference for corner in face.corners]) or [1.0 / 3.0] * 3
    return Separation(-face.distance, face.normal, *_witnesses(list(face.corners), weights))


def _of_lines(corners: list[Vertex]) -> Separation:
    """Of points that coincide, or lines that overlap: these are not deep, and come apart sideways."""
    weights = _projected([corner.difference for corner in corners]) or [1.0, 0.0]
    along = _minus(corners[-1].difference, corners[0].difference)
    sideways = max((_cross(along, axis) for axis in AXES), key=lambda each: _dot(each, each))
    length = math.sqrt(_dot(sideways, sideways))
    normal = _scaled(sideways, 1.0 / length) if length else AXES[2]
    return Separation(0.0, normal, *_witnesses(corners, weights))


def _tetrahedron(first: Support, second: Support, simplex: list[Vertex]) -> list[Vertex]:
    """A simplex that the origin touches, made as large as it can be: four corners, fewer if the bodies are flat."""
    corners = list(simplex)
    while len(corners) < 4:
        points = [corner.difference for corner in corners]
        found = [_vertex(first, second, _scaled(axis, sign)) for axis in _across(points) for sign in (1.0, -1.0)]
        best = max(found, key=lambda vertex: _spread([*points, vertex.difference]))
        if _spread([*points, best.difference]) < PRECISION:
            break
        corners.append(best)
    return corners


def _across(points: list[Point]) -> list[Point]:
    """Directions that lead away from a point, line or plane."""
    if len(points) == 1:
        return list(AXES)
    along = _minus(points[1], points[0])
    if len(points) == 2:
        return [_cross(along, axis) for axis in AXES]
    return [_cross(along, _minus(points[2], points[0]))]


def _spread(points: list[Point]) -> float:
    """How far the last point is from what the others span."""
    *others, last = points
    away = _minus(last, others[0])
    if len(others) == 1:
        return math.sqrt(_dot(away, away))
    along = _minus(others[1], others[0])
    normal = _cross(along, _minus(others[2], others[0])) if len(others) == 3 else _cross(along, _cross(along, away))
    length = math.sqrt(_dot(normal, normal))
    return abs(_dot(away, normal)) / length if length else 0.0


def _face(corners: tuple[Vertex, ...], middle: Point) -> Face:
    one, two, three = corners
    normal = _cross(_minus(two.difference, one.difference), _minus(three.difference, one.difference))
    length = math.sqrt(_dot(normal, normal))
    if length == 0.0:
        return Face((one, two, three), normal, math.inf)
    away = _dot(normal, _minus(one.difference, middle)) >= 0.0
    unit = _scaled(normal, (1.0 if away else -1.0) / length)
    return Face((one, two, three), unit, _dot(unit, one.difference))


def _witnesses(simplex: list[Vertex], weights: list[float]) -> tuple[Point, Point]:
    return _mixed([each.first for each in simplex], weights), _mixed([each.second for each in simplex], weights)


def _mixed(points: list[Point], weights: list[float]) -> Point:
    x = y = z = 0.0
    for (u, v, w), weight in zip(points, weights, strict=True):
        x, y, z = x + weight * u, y + weight * v, z + weight * w
    return x, y, z


def _dot(one: Point, other: Point) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _minus(one: Point, other: Point) -> Point:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _scaled(point: Point, factor: float) -> Point:
    return point[0] * factor, point[1] * factor, point[2] * factor


def _cross(one: Point, other: Point) -> Point:
    x, y, z = one
    u, v, w = other
    return y * w - z * v, z * u - x * w, x * v - y * u
