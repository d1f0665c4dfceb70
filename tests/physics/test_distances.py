"""Distances between convex bodies are those of closed forms, apart, touching and interpenetrating."""

from __future__ import annotations

import math

import numpy as np
import pytest

from blendgym.blender.physics import convex
from blendgym.blender.physics.distances import separation

PRECISION = 2e-8  # m


def turned(rng):
    """A random rotation matrix."""
    matrix, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return matrix * np.linalg.det(matrix)


def at(position, rotation=None):
    pose = np.eye(4)
    pose[:3, 3], pose[:3, :3] = position, np.eye(3) if rotation is None else rotation
    return convex.frame_of(pose)


def distance(one, frame, other, other_frame):
    apart = separation(convex.placed(one, frame), convex.placed(other, other_frame))
    return apart.distance - one.radius - other.radius


def by_separating_axes(half, rotation, other_half, other_rotation, offset):
    """How far apart two boxes are along the axis that separates them best; if they interpenetrate, that is exact."""
    axes = [*rotation.T, *other_rotation.T, *(np.cross(a, b) for a in rotation.T for b in other_rotation.T)]
    gaps = [
        abs(axis @ offset) - np.abs(axis @ rotation) @ half - np.abs(axis @ other_rotation) @ other_half
        for axis in (axis / np.linalg.norm(axis) for axis in axes)
    ]
    return max(gaps)


def test_boxes_interpenetrate_as_deep_as_their_separating_axes_say():
    rng, deep = np.random.default_rng(0), 0
    for _ in range(500):
        half, other_half = rng.uniform(0.1, 1.0, (2, 3))
        rotation, other_rotation, offset = turned(rng), turned(rng), rng.normal(size=3) * 0.6
        expected = by_separating_axes(half, rotation, other_half, other_rotation, offset)
        measured = distance(
            convex.box(*half), at((0, 0, 0), rotation), convex.box(*other_half), at(offset, other_rotation)
        )
        if expected < 0.0:
            deep += 1
            assert measured == pytest.approx(expected, abs=PRECISION)
        else:
            assert measured >= expected - PRECISION
    assert deep > 300


def signed_distance_of_point(kind, size, point):
    """Of a point from a solid around the origin."""
    match kind:
        case "box":
            beyond = np.abs(point) - size
        case "cylinder":
            beyond = np.array([math.hypot(*point[:2]) - size[0], abs(point[2]) - size[1]])
        case "capsule":
            return math.dist(point, (0.0, 0.0, np.clip(point[2], -size[1], size[1]))) - size[0]
    return float(np.linalg.norm(np.maximum(beyond, 0.0)) + min(beyond.max(), 0.0))


@pytest.mark.parametrize(("kind", "sizes"), [("box", 3), ("cylinder", 2), ("capsule", 2)])
def test_a_ball_is_as_far_from_a_solid_as_its_centre_less_its_radius(kind, sizes):
    rng = np.random.default_rng(1)
    for _ in range(300):
        size, radius, point = rng.uniform(0.1, 1.0, sizes), rng.uniform(0.0, 0.5), rng.normal(size=3)
        rotation, place = turned(rng), rng.normal(size=3)
        solid = getattr(convex, kind)(*size)
        measured = distance(solid, at(place, rotation), convex.sphere(radius), at(rotation @ point + place))
        assert measured == pytest.approx(signed_distance_of_point(kind, size, point) - radius, abs=PRECISION)


def test_a_cone_stands_on_its_base_and_leans_on_its_side():
    cone, ball = convex.cone(0.3, 0.4, 0.0), convex.sphere(0.1)
    half_angle = math.atan2(0.3, 0.8)
    outward = np.array([math.cos(half_angle), 0.0, math.sin(half_angle)])
    below = distance(cone, at((0, 0, 0)), ball, at((0.1, 0.05, -0.7)))
    beside = distance(cone, at((0, 0, 0)), ball, at(np.array([0.15, 0.0, 0.0]) + 0.25 * outward))
    above = distance(cone, at((0, 0, 0)), ball, at((0.0, 0.0, 0.75)))
    assert (below, beside, above) == pytest.approx((0.2, 0.15, 0.25), abs=PRECISION)


def test_a_cylinder_and_a_hull_of_the_same_outline_rest_on_a_box_alike():
    around = np.linspace(0.0, math.tau, 32, endpoint=False)
    points = np.array([(math.cos(a), math.sin(a), z) for z in (-0.5, 0.5) for a in around])
    for solid in (convex.cylinder(1.0, 0.5), convex.hull(points, 0.0)):
        for height in (0.4, 0.5, 0.6):
            box = convex.box(3.0, 3.0, 1.0)
            measured = distance(solid, at((0.3, 0.2, height + 1.0)), box, at((0, 0, 0)))
            assert measured == pytest.approx(height - 0.5, abs=PRECISION)


def test_what_touches_exactly_is_at_no_distance_with_a_normal_across_the_faces():
    one, other = convex.box(0.5, 0.5, 0.5), convex.box(0.5, 0.5, 0.5)
    apart = separation(convex.placed(one, at((0, 0, 0))), convex.placed(other, at((0, 0, 1.0))))
    assert apart.distance == pytest.approx(0.0, abs=PRECISION)
    assert apart.normal == pytest.approx((0.0, 0.0, 1.0), abs=1e-9)


def test_the_normal_leads_from_the_first_to_the_second_at_any_distance():
    for height in (0.9, 1.0, 1.1):
        one, other = convex.box(1.0, 1.0, 0.5), convex.cylinder(0.3, 0.5)
        apart = separation(convex.placed(one, at((0, 0, 0))), convex.placed(other, at((0.1, -0.2, height))))
        assert apart.normal == pytest.approx((0.0, 0.0, 1.0), abs=1e-6)
        assert np.subtract(apart.second, apart.first) == pytest.approx((0.0, 0.0, height - 1.0), abs=1e-6)


def test_flat_things_have_distances_too():
    sheet = convex.triangle([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)], 0.0)
    for height, expected in ((0.3, 0.1), (0.2, 0.0), (0.15, -0.05)):
        measured = distance(sheet, at((0, 0, 0)), convex.sphere(0.2), at((0.2, 0.2, height)))
        assert measured == pytest.approx(expected, abs=PRECISION)
    measured = distance(sheet, at((0, 0, 0)), sheet, at((0.1, 0.1, 0.25)))
    assert measured == pytest.approx(0.25, abs=PRECISION)


def test_bodies_whose_cores_coincide_interpenetrate_by_their_radii():
    for one, other, offset in (
        (convex.sphere(0.2), convex.sphere(0.3), (0.0, 0.0, 0.0)),
        (convex.capsule(0.2, 0.5), convex.capsule(0.3, 0.5), (0.0, 0.0, 0.4)),
        (convex.capsule(0.2, 0.5), convex.sphere(0.3), (0.0, 0.0, 0.1)),
    ):
        assert distance(one, at((0, 0, 0)), other, at(offset)) == pytest.approx(-0.5, abs=PRECISION)


def test_boxes_side_by_side_are_apart_by_the_gaps_along_their_axes():
    rng = np.random.default_rng(5)
    for _ in range(1000):
        half, other_half, offset = rng.integers(1, 4, 3) / 4, rng.integers(1, 4, 3) / 4, rng.integers(-4, 5, 3) / 4
        gaps = np.abs(offset) - half - other_half
        expected = np.linalg.norm(np.maximum(gaps, 0.0)) if gaps.max() > 0.0 else gaps.max()
        measured = distance(convex.box(*half), at((0, 0, 0)), convex.box(*other_half), at(offset))
        assert measured == pytest.approx(expected, abs=PRECISION)
