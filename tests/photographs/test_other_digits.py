"""Digits of another collection: all of them are read, in the right order, and none before networks are sealed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from command_line import blendgym
from PIL import Image

from blendgym.errors import InvalidStudy
from blendgym.photographs.digits.real import folds_of, printed
from blendgym.photographs.other_digits.collection import VARIABLE, as_bitmaps, collection
from blendgym.photographs.other_digits.study import PHOTOGRAPHS, OtherDigitStudy

ROOT = Path(__file__).parents[2]


@pytest.fixture
def samples(tmp_path, monkeypatch):
    """A folder for OpenCV's samples, and nothing in it."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def put(folder, rows=50):
    """A picture like OpenCV's, in which each square has a grey level of its own kind, and its number within it."""
    squares = np.zeros((rows, 100, 20, 20), np.uint8)
    kinds, numbers = np.divmod(np.arange(rows * 100).reshape(rows, 100), 500)
    squares[..., 0, 0], squares[..., 0, 1], squares[..., 0, 2] = kinds, numbers // 256, numbers % 256
    picture = squares.transpose(0, 2, 1, 3).reshape(rows * 20, 2000)
    Image.fromarray(picture).save(folder / "digits.png")


def test_the_collection_is_read_by_turns_of_all_kinds(samples):
    put(samples)
    images, truths, _ = collection()
    assert images.shape == (5000, 20, 20)
    assert truths[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert (images[:, 0, 0] == truths).all()
    numbers = images[:, 0, 1].astype(int) * 256 + images[:, 0, 2]
    assert (numbers == np.arange(5000) // 10).all()


def test_networks_of_the_collection_learn_all_kinds_and_are_examined_on_all():
    truths = np.arange(5000) % 10
    for parts in folds_of(5000):
        assert all(set(truths[numbers]) == set(range(10)) for numbers in parts)


def test_without_the_collection_nothing_begins(samples):
    with pytest.raises(InvalidStudy, match=r"There is no .*digits\.png.* apt-get install opencv-doc"):
        OtherDigitStudy().declaration(quick=False)


@pytest.mark.parametrize("rows", [49, 60])
def test_another_picture_is_refused(samples, rows):
    put(samples, rows)
    with pytest.raises(InvalidStudy, match=r"expected OpenCV's, 1000 × 2000"):
        collection()


def test_a_damaged_picture_is_refused(samples):
    (samples / "digits.png").write_bytes(b"no picture")
    with pytest.raises(InvalidStudy, match="is no picture that can be read"):
        collection()


def test_the_recipe_is_that_of_renders():
    square = np.zeros((1, 20, 20), np.uint8)
    square[0, 2:18, 8:10] = 255
    expected = np.tile([0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0], (8, 1))  # as wide as every digit, and thinned
    assert np.array_equal(as_bitmaps(square)[0], expected)


def test_the_digits_are_those_that_were_declared():
    try:
        digits = collection()
    except InvalidStudy as error:
        pytest.skip(str(error))
    assert digits.checksum == PHOTOGRAPHS == OtherDigitStudy().declaration(quick=False).photographs


def test_all_arms_learn_from_as_many_digits(samples):
    put(samples)
    for quick in (True, False):
        arms = OtherDigitStudy().declaration(quick).arms
        assert len({arm.images for arm in arms}) == 1
        assert [arm.against for arm in arms] == ["", *["randomized"] * 3]


@pytest.mark.long
def test_the_study_can_be_rehearsed_without_the_collection(samples, tmp_path):
    assert OtherDigitStudy().declaration(quick=True).photographs == printed().checksum
    blendgym("study", "other_digits", "--quick", "--producers", "2", "-o", tmp_path / "study")
    with (tmp_path / "study" / "summary.csv").open() as file:
        mean = {row["arm"]: float(row["mean"]) for row in csv.DictReader(file)}
    assert list(mean) == ["randomized", "no_variants", "written", "own"]
    assert mean["own"] > mean["randomized"] > 0.6  # Typefaces are alike; by chance it is 0.1.
    figures = {file.name for file in (tmp_path / "study" / "figures").iterdir()}
    assert figures == {"domains.png", "confusion.png", "examples.png"}


def test_the_page_says_what_came_out():
    page = (ROOT / "docs" / "photographs.md").read_text().replace("−", "-")  # it has a minus
    with (ROOT / "benchmarks" / "photographs" / "other_digits" / "summary.csv").open() as file:
        for row in csv.DictReader(file):
            mean, low, high, apart, start, end = (
                100.0 * float(row[name]) for name in ("mean", "low", "high", "difference", "from", "to")
            )
            told = f"| {mean:.1f} ({low:.1f} to {high:.1f}) |"
            if np.isfinite(apart):
                told += f" {apart:+.1f} ({start:+.1f} to {end:+.1f}) |"
            assert told in page, row["arm"]
