"""Friction is Coulomb's: what slides and rolls does it by closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from zoo_episodes import GRAVITY, watch

BELT, PARCEL = 0, 1
SLOPE, ROLLING = math.radians(15.0), math.radians(10.0)


def down(position, angle):
    """How far something has come down a slope, and how far it has come off it."""
    moved = position - position[0]
    along = moved[:, 0] * math.cos(angle) - moved[:, 2] * math.sin(angle)
    return along, moved[:, 0] * math.sin(angle) + moved[:, 2] * math.cos(angle)


@pytest.mark.parametrize("friction", [0.0, 0.1, 0.2])
def test_a_block_slides_down_a_slope_with_gravity_less_friction(zoo, friction):
    seen, time = watch(zoo("Slope"), 100, {"friction": friction}).of(0), np.arange(101) / 50
    acceleration = GRAVITY * (math.sin(SLOPE) - friction * math.cos(SLOPE))
    way, off = down(seen.position, SLOPE)
    expected = np.linalg.norm(seen.velocity[0]) * time + acceleration * time**2 / 2
    np.testing.assert_allclose(way, expected, rtol=2e-3, atol=2e-3)
    np.testing.assert_allclose(off, 0.0, atol=1e-4)


@pytest.mark.parametrize("friction", [0.5, 1.0])
def test_a_block_stops_on_a_slope_where_coulomb_says(zoo, friction):
    seen = watch(zoo("Slope"), 100, {"friction": friction}).of(0)
    deceleration = GRAVITY * (friction * math.cos(SLOPE) - math.sin(SLOPE))
    way, _ = down(seen.position, SLOPE)
    assert way[-1] == pytest.approx(float((seen.velocity[0] ** 2).sum()) / (2 * deceleration), abs=2e-3)
    np.testing.assert_allclose(way[-20:], way[-1], rtol=0, atol=1e-6)


@pytest.mark.parametrize(("body", "inertia", "error"), [(0, 2 / 5, 1.5e-3), (1, 1 / 2, 0.02)])
def test_what_rolls_without_slipping_is_slower_by_its_inertia(zoo, body, inertia, error):
    seen, time = watch(zoo("Rolling"), 100).of(body), np.arange(101) / 50
    expected = GRAVITY * math.sin(ROLLING) / (1 + inertia) * time**2 / 2
    way, _ = down(seen.position, ROLLING)
    np.testing.assert_allclose(way, expected, rtol=error, atol=5e-3)
    spin, speed = seen.spin[-1, 1], np.linalg.norm(seen.velocity[-1])
    assert 0.2 * spin == pytest.approx(speed, rel=error)


@pytest.mark.parametrize(("friction", "speed"), [(0.05, 1.0), (0.4, 1.0), (0.4, 2.0)])
def test_a_belt_takes_a_parcel_along_by_friction_until_both_are_equally_fast(zoo, friction, speed):
    seen, time = watch(zoo("Conveyor"), 100, {"friction": friction, "speed": speed}), np.arange(101) / 50
    caught_up = speed / (friction * GRAVITY)
    way = np.where(time < caught_up, friction * GRAVITY * time**2 / 2, speed * (time - caught_up / 2))
    np.testing.assert_allclose(seen.position[:, BELT, 0], speed * time, rtol=0, atol=1e-5)
    np.testing.assert_allclose(seen.velocity[1:, BELT, 0], speed, rtol=1e-4)
    np.testing.assert_allclose(seen.position[:, PARCEL, 0] - seen.position[0, PARCEL, 0], way, rtol=0, atol=3e-3)
