"""Digits in ink: what is written is what the labels say, and bitmaps of it are like those of real digits."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from command_line import blendgym
from hypothesis import given
from hypothesis import strategies as st

from blendgym.cli.study import study
from blendgym.data.streams.stream import Stream
from blendgym.photographs.digits.arms import WITHOUT
from blendgym.photographs.digits.bitmaps import bitmaps
from blendgym.photographs.digits.network import Reader, Training, read
from blendgym.photographs.digits.page import DIGITS, NAMES
from blendgym.photographs.digits.pen import BODY, RINGS, SIDES, course_of, ink, quads
from blendgym.photographs.digits.real import drawn_from, folds_of, printed
from blendgym.photographs.digits.scenario import COURSES, Page, way_of
from blendgym.photographs.digits.skeletons import MOST_STROKES, SKELETONS
from blendgym.photographs.digits.study import DigitStudy

ROOT = Path(__file__).parents[2]
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


def corner():
    """A corner of two thin lines, as high and wide as digits are made."""
    picture = np.full((60, 60, 3), 200, np.uint8)
    picture[10:42, 22:24] = picture[40:42, 22:42] = 20
    return picture


def test_a_bitmap_has_the_share_of_ink_in_each_block():
    (found,) = bitmaps(bar(), [BOX])
    assert found.shape == (8, 8)
    assert np.array_equal(found, np.tile([0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0], (8, 1)))  # 20 wide, thinned to 16


def test_thin_strokes_are_thickened():
    (found,) = bitmaps(corner(), [BOX])
    assert 4.0 * found[3].sum() == 6.0  # 2 wide, and 2 on each side


def test_all_digits_are_as_high_and_wide():
    wide = np.repeat(corner(), 2, axis=1)
    assert np.array_equal(bitmaps(wide, [(40.0, 5.0, 90.0, 50.0)]), bitmaps(corner(), [BOX]))


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


def test_all_arms_are_compared_with_one_that_has_as_many_images():
    for quick in (True, False):
        arms = {arm.name: arm for arm in DigitStudy().declaration(quick).arms}
        assert all(arm.images == arms[arm.against].images for arm in arms.values() if arm.against)


def test_the_photographs_are_those_that_were_declared():
    study = DigitStudy()
    photographs = study.photographs(quick=False)
    assert photographs.images.shape == (1797, 8, 8)
    assert photographs.checksum == study.declaration(quick=False).photographs


def test_a_rehearsal_leaves_them_closed():
    declaration = DigitStudy().declaration(quick=True)
    assert declaration.photographs == printed().checksum
    assert printed().images.shape == (200, 8, 8)


def test_real_digits_are_read_by_networks_that_have_not_seen_them():
    examined = []
    for others, own in folds_of(1797):
        assert not set(others) & set(own)
        assert set(drawn_from(others, 1152, 0, 0)) <= set(others)
        assert len(drawn_from(others, 1152, 0, 0)) == 1152
        examined += own.tolist()
    assert examined == list(range(1797))


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    """The folder of a rehearsal, and what it has said."""
    folder = tmp_path_factory.mktemp("study") / "digits"
    return folder, blendgym("study", "digits", "--quick", "--producers", "2", "-o", folder).stdout


def test_the_study_can_be_rehearsed(rehearsal):
    folder, shown = rehearsal
    assert "report.html" in shown
    assert "adaptive" in shown
    with (folder / "summary.csv").open() as file:
        rows = {row["arm"]: row for row in csv.DictReader(file)}
    assert set(rows) == {arm.name for arm in DigitStudy().declaration(quick=True).arms}
    assert float(rows["randomized"]["mean"]) > 0.6  # by chance it is 0.1
    assert {file.name for file in (folder / "figures").iterdir()} == {
        "parts.png", "numbers.png", "kinds.png", "confusion.png", "examples.png", "heat_maps.png", "domains.png",
    }  # fmt: skip
    assert (folder / "report.html").stat().st_size > 50_000


def test_the_page_says_what_came_out():
    page = (ROOT / "docs" / "photographs.md").read_text().replace("−", "-")  # it has a minus
    with (ROOT / "benchmarks" / "photographs" / "digits" / "summary.csv").open() as file:
        rows = list(csv.DictReader(file))
    percent = {row["arm"]: {name: 100.0 * float(row[name]) for name in row if name != "arm"} for row in rows}
    assert f"**{percent['randomized']['mean']:.1f}% of the real digits" in page
    for arm in ("randomized_128", *(f"no_{group}" for group in WITHOUT), "no_dropout"):
        row = percent[arm]
        told = f"| {row['mean']:.1f} ({row['low']:.1f} to {row['high']:.1f}) |"
        if arm.startswith("no_"):
            told += f" {row['difference']:+.1f} ({row['from']:+.1f} to {row['to']:+.1f}) |"
        assert told in page, arm


def test_an_interruption_says_what_is_kept(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("blendgym.photographs.carrying_out.carry_out", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        study("digits", output=tmp_path)
    assert caught.value.__notes__ == [f"What is finished is kept in {tmp_path}; the same command goes on."]


def test_there_are_as_many_digits_as_objects():
    assert DIGITS == len(NAMES) == 9
