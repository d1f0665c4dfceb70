"""The geometry of the T is exact: what two of them cover, how far they are apart, how their mass is spread."""

from __future__ import annotations

import math

import numpy as np
import pytest

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.tee import BAR, PARTS, STEM, Place

PLACES = [
    Place(0.01, -0.02, 0.3),
    Place(-0.06, 0.03, 2.0),
    Place(0.02, 0.05, -1.2),
    Place(0.0, 0.0, math.pi),
    Place(0.1, 0.1, 0.78),
]


def points(count=400_000):
    """Points that are spread evenly over a T."""
    rng = np.random.default_rng(0)
    share = PARTS[0].area / tee.AREA
    first = rng.random(count) < share
    x, y = rng.uniform(-1.0, 1.0, (2, count))
    bar, stem = PARTS
    return np.where(first, bar.x + bar.half_width * x, stem.x + stem.half_width * x), np.where(
        first, bar.y + bar.half_height * y, stem.y + stem.half_height * y
    )


def moved(place):
    x, y = points()
    cosine, sine = math.cos(place.angle), math.sin(place.angle)
    return place.x + cosine * x - sine * y, place.y + sine * x + cosine * y


def test_a_block_on_its_goal_covers_it():
    assert tee.coverage(Place(0.0, 0.0, 0.0)) == pytest.approx(1.0)
    assert tee.coverage(Place(0.0, 0.0, math.tau)) == pytest.approx(1.0)


@pytest.mark.parametrize("way", [0.001, 0.01, 0.03, 0.05])
def test_a_block_beside_its_goal_covers_what_strips_leave(way):
    """Moved along x, a strip as high as the block is lost; along y, one as wide as its bar."""
    lost_along_x = way * (BAR[1] + STEM[1])
    assert tee.coverage(Place(way, 0.0, 0.0)) == pytest.approx(1.0 - lost_along_x / tee.AREA)
    lost_along_y = way * BAR[0]
    assert tee.coverage(Place(0.0, way, 0.0)) == pytest.approx(1.0 - lost_along_y / tee.AREA)


def test_a_block_that_stands_on_its_head_shares_the_bar():
    """Turned by 180° about the centre of the bar: both bars are one, and the stems point away from each other."""
    middle = PARTS[0].y
    assert tee.coverage(Place(0.0, 2.0 * middle, math.pi)) == pytest.approx(PARTS[0].area / tee.AREA)


def test_bars_that_cross_at_a_right_angle_share_a_square():
    top = PARTS[0].y
    beside_the_stem = Place(0.07 + top, 0.06 + top, math.pi / 2)
    assert tee.coverage(beside_the_stem) == pytest.approx(BAR[1] ** 2 / tee.AREA)


@pytest.mark.parametrize("place", PLACES)
def test_coverage_is_the_share_of_random_points(place):
    x, y = moved(place)
    within = np.zeros(len(x), bool)
    for part in PARTS:
        within |= (np.abs(x - part.x) <= part.half_width) & (np.abs(y - part.y) <= part.half_height)
    assert tee.coverage(place) == pytest.approx(within.mean(), abs=0.003)


@pytest.mark.parametrize("place", PLACES)
def test_coverage_is_the_same_seen_from_the_other_block(place):
    assert tee.coverage(place) == pytest.approx(tee.coverage(Place(0.0, 0.0, 0.0).seen_from(place)))


def test_blocks_that_are_apart_share_nothing():
    assert tee.coverage(Place(0.21, 0.0, 0.0)) == 0.0
    assert tee.coverage(Place(1.0, 1.0, 1.0)) == 0.0


@pytest.mark.parametrize("place", PLACES)
def test_displacement_is_the_root_mean_square_way_of_the_points(place):
    x, y = points()
    to_x, to_y = moved(place)
    assert tee.displacement(place) == pytest.approx(math.sqrt(np.mean((to_x - x) ** 2 + (to_y - y) ** 2)), rel=0.005)


def test_the_origin_is_the_centre_of_mass_and_the_moments_are_those_of_its_points():
    x, y = points()
    np.testing.assert_allclose([x.mean(), y.mean()], 0.0, atol=3e-4)
    np.testing.assert_allclose(tee.second_moments(), [(x**2).mean(), (y**2).mean()], rtol=0.005)


def test_the_distance_to_the_block_is_that_to_its_nearest_side_or_corner():
    bar, stem = PARTS
    assert tee.distance(0.0, 0.0) == 0.0
    assert tee.distance(0.0, bar.y + bar.half_height + 0.03) == pytest.approx(0.03)
    assert tee.distance(stem.half_width + 0.01, stem.y) == pytest.approx(0.01)
    assert tee.distance(bar.half_width + 0.03, bar.y + bar.half_height + 0.04) == pytest.approx(0.05)
