"""Digits in ink: what is written is what the labels say, and bitmaps of it are like those of real digits."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import torch
from command_line import blendgym
from hypothesis import given
from hypothesis import strategies as st

from blendgym.data.stream import Stream
from blendgym.photographs.digits.bitmaps import bitmaps
from blendgym.photographs.digits.network import Reader, Training, read
from blendgym.photographs.digits.page import DIGITS, NAMES
from blendgym.photographs.digits.pen import BODY, RINGS, SIDES, course_of, ink, quads
from blendgym.photographs.digits.scenario import COURSES, Page, way_of
from blendgym.photographs.digits.skeletons import MOST_STROKES, SKELETONS
from blendgym.photographs.digits.study import DigitStudy

RADIUS = 0.1


def strokes_of(course, points, radius=RADIUS):
    """The vertices of each stroke of a digit, (MOST_STROKES, RINGS, SIDES, 3)."""
    return ink(course, points, np.full((len(course.straight), BODY), radius)).reshape(MOST_STROKES, RINGS, SIDES, 3)


def distances(points, way):
    return np.linalg.norm(points[:, None] - way, axis=-1).min(axis=1)


def test_every_digit_has_several_ways_and_ones_and_sevens_most():
    counts = {digit: len(ways) for digit, ways in SKELETONS.items()}
    assert list(counts) == list(range(10))
    assert min(counts.values()) >= 4
    assert counts[1] == counts[7] == max(counts.values())
    assert all(len(strokes) <= MOST_STROKES for ways in SKELETONS.values() for strokes in ways)


@pytest.mark.parametrize("digit", range(10))
def test_all_ways_of_a_digit_are_about_as_frequent(digit):
    ways = [way_of(habit, digit) for habit in np.linspace(0.0, 0.999, 5000)]
    shares = np.bincount(ways, minlength=len(SKELETONS[digit])) / len(ways)
    assert len(shares) == len(SKELETONS[digit])
    assert shares == pytest.approx(1.0 / len(shares), abs=0.05)
    assert way_of(0.0, digit) == 0


@given(st.integers(0, 9), st.integers(0, 100), st.floats(0.0, 0.1))
def test_a_stroke_runs_through_its_points_wherever_they_are_moved(digit, seed, jitter):
    ways = SKELETONS[digit]
    course = COURSES[digit][seed % len(ways)]
    points = course.points + np.random.default_rng(seed).normal(0.0, jitter, course.points.shape)
    strokes = strokes_of(course, points)[: len(course.straight)]
    middles = strokes.mean(axis=2)[..., :2].reshape(-1, 2)
    assert distances(points, middles).max() < 0.2


def test_strokes_that_meet_still_meet_when_they_are_moved():
    course = course_of([np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [1.0, -1.0]])])
    assert len(course.points) == 3
    moved = course.points + (0.3, 0.2) * np.arange(3)[:, None]
    first, second = (course.straight + course.bend) @ moved
    assert first[-1] == pytest.approx(second[0])


def test_ink_is_as_wide_as_the_pen_and_round_at_its_ends():
    course = course_of([np.array([[0.0, 0.0], [0.0, 1.0]])])
    stroke = strokes_of(course, course.points)[0]
    assert np.ptp(stroke[..., 0]) == pytest.approx(2 * RADIUS)
    assert stroke[..., 1].min() == pytest.approx(-RADIUS)
    assert stroke[..., 1].max() == pytest.approx(1.0 + RADIUS)
    assert np.ptp(stroke[0, :, 0]) == pytest.approx(0.0)


def test_strokes_that_a_digit_lacks_are_under_the_paper():
    strokes = strokes_of(COURSES[0][0], COURSES[0][0].points)
    assert strokes[0, ..., 2].max() > 0.0
    assert strokes[1:, ..., 2].max() < -0.1
    assert sorted(set(quads().ravel().tolist())) == list(range(MOST_STROKES * RINGS * SIDES))


def bar(paper=200, ink_=20):
    """A vertical bar of 4 × 32 pixels in a picture of paper."""
    picture = np.full((60, 60, 3), paper, np.uint8)
    picture[10:42, 30:34] = ink_
    return picture


BOX = (20.0, 5.0, 45.0, 50.0)


def test_a_bitmap_has_the_share_of_ink_in_each_block():
    (found,) = bitmaps(bar(), [BOX])
    assert found.shape == (8, 8)
    assert found[:, [3, 4]] == pytest.approx(0.5)
    assert found.sum() == pytest.approx(8.0)


def test_a_bitmap_depends_neither_on_light_nor_on_spots():
    expected = bitmaps(bar(), [BOX])
    assert np.array_equal(bitmaps(bar(100, 30), [BOX]), expected)
    spotted = bar()
    spotted[12:14, 40:42] = 20
    assert np.array_equal(bitmaps(spotted, [BOX]), expected)


def test_where_there_is_no_ink_the_bitmap_is_empty():
    assert not bitmaps(np.full((60, 60, 3), 180, np.uint8), [BOX]).any()


@pytest.fixture(scope="module")
def page():
    """A page with all parameters drawn, and one with none."""
    with Stream(Page, seed=5, count=1, randomize="all") as drawn, Stream(Page, seed=5, count=1) as plain:
        return next(iter(drawn)), next(iter(plain))


def test_a_rendered_digit_lies_where_its_skeleton_does(page):
    _, plain = page
    seen = {each.name: each for each in plain.view.objects}
    for name, digit, way in zip(NAMES, plain.labels["digits"].tolist(), plain.labels["ways"].tolist(), strict=True):
        points = COURSES[digit][way].points * (0.85, 1.0)
        places = np.c_[points, np.zeros(len(points))] + seen[name].pose[:3, 3]
        pixels = plain.view.project(places)
        mask = plain.images["segmentation"] == seen[name].id
        assert mask[tuple(np.rint(pixels).astype(int).T[::-1])].mean() > 0.9, (name, digit, way)


def test_a_hand_writes_each_digit_in_one_way(page):
    drawn, plain = page
    assert set(plain.labels["ways"].tolist()) == {0}
    habit = drawn.parameters["hand.habit"]
    assert drawn.labels["ways"].tolist() == [way_of(habit, digit) for digit in drawn.labels["digits"].tolist()]


def test_a_reader_learns_and_depends_on_its_seed_alone():
    rng = np.random.default_rng(0)
    shapes = rng.random((10, 8, 8)).round().astype(np.float32)
    digits = rng.integers(10, size=200)
    images = np.clip(shapes[digits] + rng.normal(0.0, 0.2, (200, 8, 8)), 0.0, 1.0).astype(np.float32)
    found = []
    for seed in (0, 0, 1):
        state = torch.get_rng_state()
        reader = Reader(Training(steps_per_chunk=30, last_steps=30), 1, seed)
        before = reader.losses(images, digits).mean()
        reader.learn(images, digits)
        reader.finish()
        assert reader.losses(images, digits).mean() < 0.5 * before
        assert torch.equal(torch.get_rng_state(), state)
        found.append(reader.weights())
    assert (read(found[0], images).argmax(axis=1) == digits).mean() > 0.95
    assert all(np.array_equal(found[0][name], found[1][name]) for name in found[0])
    assert not all(np.array_equal(found[0][name], found[2][name]) for name in found[0])


def test_all_arms_are_compared_with_one_that_has_as_many_renders():
    for quick in (True, False):
        arms = {arm.name: arm for arm in DigitStudy().declaration(quick).arms}
        assert all(arm.images == arms[arm.against].images for arm in arms.values() if arm.against)


def test_the_photographs_are_those_that_were_declared():
    study = DigitStudy()
    photographs = study.photographs()
    assert photographs.images.shape == (1797, 8, 8)
    assert photographs.checksum == study.declaration(quick=False).photographs


@pytest.mark.timeout(900)
def test_the_study_can_be_rehearsed(tmp_path):
    shown = blendgym("study", "digits", "--quick", "--producers", "2", "-o", tmp_path / "digits").stdout
    assert "report.html" in shown
    with (tmp_path / "digits" / "summary.csv").open() as file:
        rows = {row["arm"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"randomized", "adaptive", "randomized_32", "no_variants"}
    assert {row["runs"] for row in rows.values()} == {"2"}
    assert float(rows["randomized"]["mean"]) > 0.6  # by chance it is 0.1
    assert {file.name for file in (tmp_path / "digits" / "figures").iterdir()} == {
        "arms.png", "confusion.png", "examples.png",
    }  # fmt: skip
    assert (tmp_path / "digits" / "report.html").stat().st_size > 50_000


def test_there_are_as_many_digits_as_objects():
    assert DIGITS == len(NAMES) == 9
