"""Every course can be driven, and is as its parameters say."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from scipy.ndimage import label

from blendgym.envs.rover.course import GAP, draw_course
from blendgym.envs.rover.geometry import HALF_ARENA, ROVER_RADIUS

NOMINAL = {"count": 12, "size": 1.0, "distance": 6.0, "spread": 1.571}
CROWDED = {"count": 24, "size": 1.6, "distance": 9.0, "spread": math.pi}
CELL = 0.1  # m
CENTRES = np.arange(-HALF_ARENA + CELL / 2, HALF_ARENA, CELL)


def courses(number=1000, /, **plan):
    return [draw_course(np.random.default_rng(seed), **(NOMINAL | plan)) for seed in range(number)]


def cell_of(disc):
    return tuple(int((HALF_ARENA + coordinate) / CELL) for coordinate in (disc.x, disc.y))


def is_drivable(course, radius=ROVER_RADIUS):
    """Whether a disc of a radius comes from the start to the beacon, going from cell to neighbouring cell."""
    inside = np.abs(CENTRES) <= HALF_ARENA - radius
    free = inside[:, None] & inside
    for obstacle in course.obstacles:
        free &= (CENTRES[:, None] - obstacle.x) ** 2 + (CENTRES - obstacle.y) ** 2 > (obstacle.radius + radius) ** 2
    areas = label(free)[0]
    start, beacon = areas[cell_of(course.start)], areas[cell_of(course.beacon)]
    return bool(start and start == beacon)


@pytest.mark.parametrize("plan", [NOMINAL, CROWDED], ids=["nominal", "crowded"])
def test_there_is_a_way_on_each_of_a_thousand_courses(plan):
    assert all(map(is_drivable, courses(**plan)))


def test_a_course_that_is_walled_off_would_be_noticed():
    course = courses(1)[0]
    wall = [course.beacon._replace(x=course.beacon.x + 1.5 * x, y=course.beacon.y + 1.5 * y, radius=0.4)
            for x, y in ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))]  # fmt: skip
    assert not is_drivable(course._replace(obstacles=wall))


def test_things_and_walls_are_a_gap_apart():
    for course in courses(100, **CROWDED):
        discs = [course.start, course.beacon, *course.obstacles]
        assert all(one.apart(other) >= GAP for one, other in combinations(discs[1:], 2))
        assert all(max(abs(disc.x), abs(disc.y)) + disc.radius <= HALF_ARENA - GAP + 1e-9 for disc in discs)


def test_each_obstacle_stands_on_its_disc():
    corners = np.array([[x, y] for x in (-0.5, 0.5) for y in (-0.5, 0.5)])
    for course in courses(50):
        for disc, item in zip(course.obstacles, course.items[1:], strict=True):
            assert item.pose.position[:2] == (disc.x, disc.y)
            width = np.array(item.scale[:2])
            reach = np.linalg.norm(corners * width, axis=1).max() if item.template == "Crate" else width.max()
            assert reach == pytest.approx(disc.radius)


def test_nearly_all_obstacles_that_are_asked_for_find_room():
    numbers = [len(course.obstacles) for course in courses(200)]
    assert max(numbers) == 12
    assert np.mean(numbers) > 11.9
    kinds = {item.template for course in courses(10) for item in course.items}
    assert kinds == {"Beacon", "Crate", "Pillar", "Boulder"}


def test_the_rover_starts_far_from_the_beacon_and_turned_away_by_no_more_than_the_spread():
    drawn = courses(300)
    ways = np.array([(course.beacon.x - course.start.x, course.beacon.y - course.start.y) for course in drawn])
    turned = np.array([course.heading for course in drawn]) - np.arctan2(ways[:, 1], ways[:, 0])
    assert np.linalg.norm(ways, axis=1).min() >= 6.0
    assert np.abs(turned).max() <= 1.571
    assert turned.min() < -1.4
    assert turned.max() > 1.4
    for course in courses(5, spread=0.0):
        way = math.atan2(course.beacon.y - course.start.y, course.beacon.x - course.start.x)
        assert course.heading == pytest.approx(way)
