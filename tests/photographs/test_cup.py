"""The cup: masks are around cups and nothing else, the photograph fits its outline, overlaps add up."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from command_line import blendgym
from hypothesis import given
from hypothesis import strategies as st

from blendgym.data.streams.stream import Stream
from blendgym.errors import InvalidStudy
from blendgym.photographs import shipped
from blendgym.photographs.cup.arms import GROUPS, STEPS
from blendgym.photographs.cup.crockery import AROUND, COFFEE, CREMA, GLOSS, LINING, cup, saucer, spoon, teapot
from blendgym.photographs.cup.judging import overlap, overlap_of, tiled
from blendgym.photographs.cup.kitchen import CUP
from blendgym.photographs.cup.network import CupLearner, Training, odds_of
from blendgym.photographs.cup.photograph import LABELS, drawn, photograph_file, read_photograph
from blendgym.photographs.cup.renders import Pictures, mask_of
from blendgym.photographs.cup.scenario import HEIGHT, WIDTH, Coffee
from blendgym.photographs.cup.study import CupStudy, found_in
from blendgym.photographs.cup.surfaces import picture

ROOT = Path(__file__).parents[2]


def seeded(make, count=12):
    """Some shapes at random."""
    return [make(np.random.default_rng(seed)) for seed in range(count)]


def test_cups_are_of_many_shapes_with_handles_and_coffee():
    cups = seeded(cup, 24)
    for shape in cups:
        assert len(shape.materials) == len(shape.faces)
        assert np.isfinite(shape.vertices).all()
        assert shape.vertices[:, 2].min() == pytest.approx(0.0)
        rim = shape.vertices[np.abs(shape.vertices[:, 0]) < 1e-9]
        assert 0.9 < np.ptp(rim[:, 1]) < 1.2
    reaches = [shape.vertices[:, 0].max() for shape in cups]
    assert sum(reach > 0.62 for reach in reaches) > 18
    assert np.std([reach for reach in reaches if reach > 0.62]) > 0.05
    assert np.std([shape.vertices[:, 2].max() for shape in cups]) > 0.1
    filled = [not {COFFEE, CREMA}.isdisjoint(shape.materials) for shape in cups]
    assert 0.4 < np.mean(filled) < 1.0
    assert any(LINING in shape.materials for shape in cups)
    assert any(GLOSS in shape.materials for shape in cups)


def test_coffee_is_inside():
    for shape in seeded(cup, 24):
        coffee = [face for face, number in zip(shape.faces, shape.materials, strict=True) if number == COFFEE]
        corners = shape.vertices[sorted({corner for face in coffee for corner in face})]
        if len(corners):
            assert np.hypot(corners[:, 0], corners[:, 1]).max() < 0.6
            assert np.ptp(corners[:, 2]) == pytest.approx(0.0)
            assert 0.0 < corners[0, 2] < shape.vertices[:, 2].max()


@pytest.mark.parametrize("make", [cup, saucer, teapot, spoon])
def test_no_edge_belongs_to_more_than_two_faces(make):
    for shape in seeded(make, 4):
        edges = Counter(
            frozenset(edge) for face in shape.faces for edge in zip(face, (*face[1:], face[0]), strict=True)
        )  # fmt: skip
        assert set(edges.values()) <= {1, 2}


def test_saucers_have_a_well_in_which_few_faces_lie():
    for shape in seeded(saucer):
        low = [face for face in shape.faces if shape.vertices[list(face), 2].max() < 0.041]
        assert 0 < len(low) <= 2 * AROUND
        radius = np.hypot(shape.vertices[:, 0], shape.vertices[:, 1]).max()
        assert 0.7 < radius < 1.01


def test_pictures_on_tables_are_colours():
    made = [picture(np.random.default_rng(seed)) for seed in range(6)]
    assert all(0.0 <= each.min() < each.max() <= 1.0 for each in made)
    assert np.std([each.mean() for each in made]) > 0.05


@pytest.fixture(scope="module")
def tables():
    """Some tables with all parameters drawn."""
    with Stream(Coffee, seed=3, count=6, randomize="all") as stream:
        return list(stream)


def test_masks_are_of_cups_with_handles_and_coffee_and_of_nothing_else(tables):
    shares = []
    for sample in tables:
        mask = mask_of(sample)
        assert mask.shape == (HEIGHT, WIDTH)
        expected = np.zeros_like(mask)
        for seen in sample.view.objects:
            where = sample.images["segmentation"] == seen.id
            assert mask[where].all() if seen.category == CUP else not mask[where].any()
            expected |= where if seen.category == CUP else False
        assert np.array_equal(mask, expected)
        shares.append(mask.mean())
    assert max(shares) > 0.05


def test_cups_that_were_dropped_stand_on_tables_and_in_saucers(tables):
    cups = [seen for sample in tables for seen in sample.view.objects if seen.category == CUP]
    heights = [seen.pose[2, 3] for seen in cups]
    assert -0.05 < min(heights) <= np.median(heights) < 0.07
    upright = [seen.pose[2, 2] / np.linalg.norm(seen.pose[:3, 2]) for seen in cups]
    assert np.median(upright) > 0.98


def test_the_whole_shares_its_renders_with_the_top_of_the_stairs():
    declaration = CupStudy().declaration(quick=False)
    shared = {arm.name: declaration.shared_images(arm) for arm in declaration.arms if not arm.teacher}
    assert shared.pop("whole") == shared.pop("randomized") == 1024
    assert set(shared.values()) == {192}


def test_each_step_of_the_stairs_draws_one_group_more():
    arms = {arm.name: arm for arm in CupStudy().declaration(quick=False).arms}
    assert next(iter(arms)) == "whole"
    assert arms["whole"].randomize == arms["randomized"].randomize
    below = None
    for step in STEPS:
        assert arms[step].images == arms["randomized"].images == arms["adaptive"].images
        if below:
            assert arms[step].randomize[:-1] == arms[below].randomize
            assert arms[step].against == below
        below = step
    assert arms[below].randomize == GROUPS
    assert set(GROUPS) == set(Coffee.parameters.groups)


@given(st.integers(0, 2**32))
def test_tiles_together_are_worth_what_the_whole_is(seed):
    rng = np.random.default_rng(seed)
    found, truth = rng.random((2, 123, 171)) < rng.uniform(0.05, 0.9, (2, 1, 1))
    answers = tiled(found, truth)
    assert len(answers["scores"]) == 3 * 4
    assert overlap(answers, np.full(12, 1.0 / 12.0)) == pytest.approx((found & truth).sum() / (found | truth).sum())
    assert overlap_of(found, truth) == pytest.approx((found & truth).sum() / (found | truth).sum())
    alone = np.zeros(12)
    alone[5] = 1.0
    tile = np.s_[50:100, 50:100]
    assert overlap(answers, alone) == answers["scores"][5] == pytest.approx(overlap_of(found[tile], truth[tile]))


def test_nothing_found_where_nothing_is_is_right():
    nothing = np.zeros((60, 60), bool)
    assert overlap(tiled(nothing, nothing), np.full(4, 0.25)) == overlap_of(nothing, nothing) == 1.0


def discs(count, seed, height=48, width=64):
    """Pictures of a bright disc on dark ground."""
    rng = np.random.default_rng(seed)
    down, right = np.mgrid[:height, :width] + 0.5
    colours, masks = [], []
    for _ in range(count):
        mask = np.hypot(right - rng.uniform(20.0, 44.0), down - rng.uniform(16.0, 32.0)) < rng.uniform(9.0, 14.0)
        shown = np.where(mask[..., None], (200.0, 120.0, 90.0), (40.0, 60.0, 70.0))
        colours.append(np.clip(shown + rng.normal(0.0, 8.0, shown.shape), 0.0, 255.0))
        masks.append(mask)
    return Pictures(np.array(colours).astype(np.uint8), np.array(masks))


def test_a_network_learns_and_depends_on_its_seed_alone():
    learned, unseen = discs(24, 0), discs(6, 1)
    weights, state = [], torch.get_rng_state()
    training = Training(steps_per_chunk=16, last_steps=8)
    for _ in range(2):
        learner = CupLearner(training, 1, 0)
        before = learner.losses(unseen).mean()
        learner.learn(learned)
        learner.finish()
        assert learner.losses(unseen).mean() < 0.5 * before
        weights.append(learner.weights())
    assert torch.equal(torch.get_rng_state(), state)
    assert overlap_of(odds_of(weights[0], unseen.colours) > 0.0, unseen.masks) > 0.8
    assert all(np.array_equal(weights[0][name], weights[1][name]) for name in weights[0])
    other = CupLearner(training, 1, 1).weights()
    assert not all(np.array_equal(CupLearner(training, 1, 0).weights()[name], other[name]) for name in other)


def test_what_is_found_in_a_mirror_is_the_mirror_image_of_what_is_found():
    weights, pictures = CupLearner(Training(), 1, 0).weights(), discs(2, 0).colours
    mirrored = odds_of(weights, pictures[:, :, ::-1].copy())
    assert np.allclose(mirrored, odds_of(weights, pictures)[:, :, ::-1], atol=1e-5)


def test_pictures_of_any_size_are_searched():
    found = found_in(CupLearner(Training(), 1, 0).weights(), drawn().images[0][:201, :307])
    assert found.shape == (201, 307)


def test_the_photograph_and_its_outline_are_those_that_were_declared():
    opened = CupStudy().photographs(quick=False)
    assert opened.images.shape == (1, 400, 600, 3)
    assert opened.truths.shape == (1, 400, 600)
    assert opened.checksum == CupStudy().declaration(quick=False).photographs


@pytest.mark.parametrize(
    ("x", "y", "is_cup"),
    [
        (290, 105, True), (280, 145, True), (225, 270, True), (280, 265, True), (275, 25, True),
        (365, 285, False), (412, 80, False), (120, 250, False), (430, 300, False), (30, 30, False),
    ],
    ids=[
        "inside", "coffee", "handle", "foot", "rim", "bowl of the spoon", "end of the spoon", "saucer to the left",
        "saucer to the right", "behind the table",
    ],
)  # fmt: skip
def test_the_outline_is_around_the_cup_alone(x, y, is_cup):
    assert read_photograph(photograph_file()).truths[0, y, x] == is_cup


def test_a_photograph_whose_package_is_missing_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(shipped, "find_spec", lambda name: None)
    with pytest.raises(InvalidStudy, match=r"scikit-image, which is not installed: pip install 'blendgym\[dr\]'"):
        CupStudy().declaration(quick=False)
    CupStudy().declaration(quick=True)


def test_a_damaged_photograph_is_refused(tmp_path):
    damaged = tmp_path / "coffee.png"
    damaged.write_bytes(photograph_file().read_bytes()[:3000])
    with pytest.raises(InvalidStudy, match=r"coffee\.png is missing, or is no picture .* --force-reinstall"):
        read_photograph(damaged)
    with pytest.raises(InvalidStudy, match="is missing"):
        read_photograph(tmp_path / "none.png")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"width": 700}, "700 × 400 pixels; .* has 600 × 400"),
        ({"body": [[0.0, 0.0], [1300.0, 20.0], [20.0, 30.0]]}, "corners beyond the photograph"),
        ({"handle": [[30.0, 20.0], [20.0, 60.0]]}, "no outline of a cup"),
        ({"rim": {"x": 3}}, "no outline of a cup"),
    ],
    ids=["another size", "outside", "two corners", "half an ellipse"],
)
def test_outlines_that_do_not_fit_are_refused(tmp_path, changes, said):
    labels = tmp_path / "outline.json"
    labels.write_text(json.dumps({**json.loads(LABELS.read_text()), **changes}))
    with pytest.raises(InvalidStudy, match=said):
        read_photograph(photograph_file(), labels)


def test_what_stands_in_for_the_photograph_is_no_photograph():
    assert drawn().checksum == drawn().checksum == CupStudy().declaration(quick=True).photographs
    assert drawn().checksum != CupStudy().declaration(quick=False).photographs
    assert CupStudy().photographs(quick=True).checksum == drawn().checksum


@pytest.mark.timeout(900)
def test_the_study_can_be_rehearsed(tmp_path):
    shown = blendgym("study", "cup", "--quick", "--producers", "2", "-o", tmp_path / "cup").stdout
    assert "report.html" in shown
    with (tmp_path / "cup" / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["arm"] for row in rows] == ["randomized"]
    assert float(rows[0]["validation"]) > 0.05
    assert {file.name for file in (tmp_path / "cup" / "figures").iterdir()} >= {"stairs.png", "found.png"}
    page = (tmp_path / "cup" / "report.html").read_text()
    assert "no photograph was opened" in page
    assert drawn().checksum in page


def test_the_page_says_what_came_out():
    page = (ROOT / "docs" / "photographs.md").read_text().replace("−", "-")  # it has a minus
    with (ROOT / "benchmarks" / "photographs" / "cup" / "summary.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["arm"] for row in rows} == {"whole", *STEPS, "adaptive"}
    for row in rows:
        percent = {name: 100.0 * float(row[name]) for name in row if name != "arm"}
        told = "| `{arm}` | {mean:.1f} ± {deviation:.1f} ({low:.1f} to {high:.1f}) | {validation:.1f} |"
        if not np.isnan(percent["difference"]):
            told += " {difference:+.1f} ({from:+.1f} to {to:+.1f}) |"
        assert told.format(arm=row["arm"], **percent) in page, row["arm"]
