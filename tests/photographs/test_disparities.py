"""Disparities: those of rendered pairs are what geometry says, and what only one eye sees is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blendgym.data.streams.stream import Stream
from blendgym.photographs.depth.pairs import disparity, nearest_of, seen_by_both
from blendgym.photographs.depth.renders import gathered
from blendgym.photographs.depth.room import FAR, REACH
from blendgym.photographs.depth.scenario import HEIGHT, WIDTH, Room
from blendgym.photographs.grey import grey

EMPTY = {
    "things": 0,
    "things.thin": 0,
    "rig.tilt": 0.0,
    "room.slant": 0.0,
    "room.depth": 8.0,
    "rig.height": 0.8,
    "room.printed": 1.0,
    "rig.baseline": (0.1, 0.2),
    "right.pitch": (-0.002, 0.002),
}


def rooms(count, randomize):
    """Some rooms, and their pairs."""
    with Stream(Room, seed=7, count=count, randomize=randomize) as stream:
        samples = list(stream)
    return samples, gathered(samples)


@pytest.fixture(scope="module")
def cluttered():
    return rooms(6, ["rig", "layout", "texture", "light"])


@pytest.fixture(scope="module")
def empty():
    """A wall ahead, at 8 m, and a floor, 0.8 m below, both 0.1 m thick; the right camera looks a little up or down."""
    return rooms(3, EMPTY)


def focal_length(sample):
    """In pixels, by the angle that the camera sees."""
    return WIDTH / 2.0 / math.tan(sample.parameters["rig.field_of_view"] / 2.0)


def test_a_wall_ahead_has_the_disparity_of_its_distance(empty):
    for sample, wall in zip(empty[0], empty[1].disparities[:, HEIGHT // 2, WIDTH // 2], strict=True):
        expected = focal_length(sample) * sample.parameters["rig.baseline"] / 7.95
        assert wall == pytest.approx(expected, rel=2e-3)


def test_the_disparity_of_a_floor_grows_by_baseline_over_height_with_each_row(empty):
    for sample, pair in zip(empty[0], empty[1].disparities.astype(np.float64), strict=True):
        below = np.arange(HEIGHT) + 0.5 - HEIGHT / 2.0
        expected = below * sample.parameters["rig.baseline"] / 0.75
        is_floor = expected > focal_length(sample) * sample.parameters["rig.baseline"] / 7.9
        assert is_floor.sum() > 5
        assert pair[is_floor, WIDTH // 2] == pytest.approx(expected[is_floor], rel=4e-3)


def test_a_pixel_of_the_left_picture_is_found_in_the_right_one_at_its_disparity(cluttered):
    """What both eyes see is in the same colours; at disparities that are half as large it is not."""
    _, pairs = cluttered
    for left, right, disparities, are_seen in zip(*pairs, strict=True):
        errors = {}
        for factor in (1.0, 0.5):
            places = np.arange(WIDTH) - factor * disparities.astype(np.float64)
            is_judged = are_seen & (places >= 0.0)
            rows, columns = np.nonzero(is_judged)
            floor = np.floor(places[is_judged]).astype(int)
            share = places[is_judged] - floor
            seen = (1.0 - share) * right[rows, floor] + share * right[rows, np.minimum(floor + 1, WIDTH - 1)]
            errors[factor] = np.abs(seen - left[rows, columns]).mean()
        assert errors[1.0] < 8.0
        assert errors[1.0] < 0.7 * errors[0.5]


def test_both_ways_to_know_what_only_the_left_eye_sees_agree(cluttered):
    _, pairs = cluttered
    hidden = 0
    for disparities, are_seen in zip(pairs.disparities.astype(np.float64), pairs.are_seen, strict=True):
        is_known = np.isfinite(disparities)
        assert (nearest_of(disparities) == are_seen)[is_known].mean() > 0.97
        hidden += (~are_seen)[is_known].sum()
    assert hidden > 0.02 * pairs.left.size


@given(st.floats(2.0, 12.0), st.floats(0.0, 1.9))
def test_a_near_square_hides_what_is_behind_its_left_edge(near, far):
    """A square before a wall hides as many columns of it as their disparities differ by, and the border cuts off."""
    near, far = np.round(near), np.round(far)
    left, right = np.full((8, 60), far), np.full((8, 60), far)
    left[:, 30:45] = near
    right[:, int(30 - near) : int(45 - near)] = near
    for seen in (seen_by_both(left, right), nearest_of(left)):
        expected = np.ones(60, bool)
        expected[: int(far)] = False
        expected[30 - int(near - far) : 30] = near - far <= 1.0
        assert np.array_equal(seen, np.broadcast_to(expected, seen.shape))


def test_what_is_too_far_to_be_seen_has_no_disparity():
    found = disparity(np.array([[2.0, FAR]], np.float32), 300.0, 0.1, FAR)
    assert found[0, 0] == pytest.approx(15.0)
    assert np.isnan(found[0, 1])
    assert not seen_by_both(found, found)[0, 1]
    assert not nearest_of(found)[0, 1]


def test_disparities_beyond_the_reach_are_unknown(cluttered):
    for sample, known in zip(cluttered[0], cluttered[1].disparities, strict=True):
        product = focal_length(sample) * sample.parameters["rig.baseline"]
        expected = product / sample.views["left"].images["depth"]
        assert np.array_equal(np.isfinite(known), (expected < REACH) & (expected > product / FAR))
        assert known[np.isfinite(known)] == pytest.approx(expected[np.isfinite(known)], abs=0.05)


def test_both_eyes_have_the_lens_that_is_asked_for_and_stand_a_baseline_apart(cluttered):
    for sample in cluttered[0]:
        left, right = sample.views["left"], sample.views["right"]
        assert left.intrinsics == pytest.approx(right.intrinsics)
        assert left.intrinsics[0, 0] == pytest.approx(focal_length(sample), rel=1e-5)
        apart = right.world_to_camera @ np.linalg.inv(left.world_to_camera)
        assert apart[:3, :3] == pytest.approx(np.eye(3), abs=1e-6)
        assert apart[:3, 3] == pytest.approx([-sample.parameters["rig.baseline"], 0.0, 0.0], abs=1e-6)


def test_a_right_camera_that_looks_up_sees_everything_lower(empty):
    for sample in empty[0]:
        ((_, row),) = sample.views["right"].project([[0.0, 8.0, 0.0]])
        lower = sample.parameters["right.pitch"] * focal_length(sample)
        assert row == pytest.approx(HEIGHT / 2.0 - 0.5 + lower, abs=1e-3)
        assert abs(lower) > 0.01


def test_grey_is_that_of_bt_601():
    assert grey(np.array([[[255, 255, 255], [255, 0, 0]]], np.uint8)).tolist() == [[255, 76]]
