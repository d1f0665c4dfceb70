"""Coins: boxes count as COCO counts them, what is rendered is labelled rightly, labels fit the photograph."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from command_line import blendgym
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from scipy import ndimage

from blendgym.data.streams.stream import Stream
from blendgym.errors import InvalidStudy
from blendgym.photographs import shipped
from blendgym.photographs.coins import realistic as realistic_module
from blendgym.photographs.coins.arms import GROUPS, REALISTIC_GROUPS
from blendgym.photographs.coins.boxes import average_precisions, match, overlaps, sure_enough, together
from blendgym.photographs.coins.cuttings import border_of, cuttings, halves_of
from blendgym.photographs.coins.detector import FLIPS, Detector, Training, _agreement, _targets, detect, flipped
from blendgym.photographs.coins.photograph import LABELS, drawn, photograph_file, read_photograph, read_photographs
from blendgym.photographs.coins.renders import Pictures, boxes_of, randomized, realistic
from blendgym.photographs.coins.scenario import HEIGHT_OF_RENDER, WIDTH, Table
from blendgym.photographs.coins.strikes import AROUND, RELIEF, THICKNESS, strike
from blendgym.photographs.coins.study import CoinStudy
from blendgym.photographs.coins.table import COIN
from blendgym.photographs.study import ONE, Photographs

ROOT = Path(__file__).parents[2]


def pictures_of(seed, count=3):
    """Boxes to be found and boxes that were found, some of them nearly right, for each of some pictures."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        corners = rng.uniform(0.0, 60.0, (rng.integers(0, 6), 2))
        truths = np.hstack([corners, corners + rng.uniform(8.0, 30.0, corners.shape)])
        near = np.repeat(truths, 2, axis=0)
        near = near + rng.normal(0.0, 1.5, near.shape)
        far = rng.uniform(0.0, 60.0, (rng.integers(0, 4), 2))
        boxes = np.vstack([near, np.hstack([far, far + 10.0])])[rng.permutation(len(near) + len(far))]
        yield truths, boxes, rng.random(len(boxes))


def by_pycocotools(pictures):
    """Average precisions at the ten overlaps, as pycocotools computes them."""
    truths = [(number, box) for number, (own, _, _) in enumerate(pictures) for box in own.tolist()]
    found = [
        {
            "image_id": number, "category_id": 1, "score": confidence,
            "bbox": [left, top, right - left, bottom - top],
        }
        for number, (_, boxes, confidences) in enumerate(pictures)
        for (left, top, right, bottom), confidence in zip(boxes.tolist(), confidences.tolist(), strict=True)
    ]  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": number} for number in range(len(pictures))], "categories": [{"id": 1}],
            "annotations": [
                {
                    "id": number + 1, "image_id": image, "category_id": 1, "iscrowd": 0,
                    "bbox": [left, top, right - left, bottom - top], "area": (right - left) * (bottom - top),
                }
                for number, (image, (left, top, right, bottom)) in enumerate(truths)
            ],
        }  # fmt: skip
        coco.createIndex()
        judged = COCOeval(coco, coco.loadRes(found), "bbox")
        judged.evaluate()
        judged.accumulate()
    return judged.eval["precision"][:, :, 0, 0, 2].mean(axis=1)


@settings(max_examples=15)
@given(st.integers(0, 2**32))
def test_average_precision_is_that_of_pycocotools(seed):
    pictures = [
        *pictures_of(seed),
        (np.array([[5.0, 5.0, 20.0, 20.0]]), np.array([[5.0, 5.0, 20.0, 19.0]]), np.array([0.5])),
    ]
    ours = together([match(boxes, confidences, truths) for truths, boxes, confidences in pictures])
    assert average_precisions(ours) == pytest.approx(by_pycocotools(pictures), abs=1e-9)


@given(st.integers(0, 2**32))
def test_an_object_that_counts_twice_is_as_good_as_two(seed):
    rng = np.random.default_rng(seed)
    weights, parts = rng.integers(0, 4, 5), []
    for left in 40.0 * np.arange(5):
        truth = np.array([[left, 0.0, left + 20.0, 20.0]])
        boxes = truth + rng.normal(0.0, 2.0, (rng.integers(0, 4), 4))
        parts.append(match(boxes, rng.random(len(boxes)), truth))
    repeated = [part for part, weight in zip(parts, weights, strict=True) for _ in range(weight)]
    expected = average_precisions(together(repeated)) if repeated else np.zeros(10)
    assert average_precisions(together(parts), weights) == pytest.approx(expected, abs=1e-9)


TRUTHS = np.array([[0.0, 0.0, 10.0, 10.0], [20.0, 0.0, 30.0, 10.0]])


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        (TRUTHS, [1.0] * 10),
        (TRUTHS[:1], [51 / 101] * 10),
        (TRUTHS[:0], [0.0] * 10),
        (np.vstack([TRUTHS, [[50.0, 0.0, 60.0, 10.0]]]), [1.0] * 10),
        (np.vstack([[[50.0, 0.0, 60.0, 10.0]], TRUTHS]), [2 / 3] * 10),
        (np.vstack([TRUTHS[:1], TRUTHS[:1], TRUTHS[1:]]), [(51 + 50 * 2 / 3) / 101] * 10),
        (TRUTHS * (1.0, 1.0, 1.0, 0.775), [1.0] * 6 + [0.0] * 4),
    ],
    ids=["all", "half of all", "nothing", "all, then nonsense", "nonsense, then all", "one twice", "77.5% of each"],
)
def test_average_precision_of_closed_cases(boxes, expected):
    found = match(boxes, np.linspace(0.9, 0.1, len(boxes)), TRUTHS)
    assert average_precisions(found) == pytest.approx(expected)


def test_overlap_is_the_common_area_as_a_share_of_both():
    assert overlaps(TRUTHS, [[0.0, 0.0, 10.0, 5.0], [5.0, 5.0, 15.0, 15.0]]) == pytest.approx(
        np.array([[0.5, 25 / 175], [0.0, 0.0]])
    )


def test_the_confidence_that_is_enough_lies_between_the_last_right_one_and_the_first_wrong_one():
    boxes = np.vstack([TRUTHS, TRUTHS + 100.0])
    assert sure_enough(match(boxes, [0.9, 0.6, 0.2, 0.1], TRUTHS)) == pytest.approx(0.4)
    assert sure_enough(match(boxes[2:], [0.9, 0.8], TRUTHS)) == 1.0


def test_a_coin_is_closed_nearly_round_and_has_a_relief():
    looks = [strike(np.random.default_rng(seed)) for seed in range(4)]
    for vertices, faces in looks:
        edges = Counter(edge for face in faces for edge in zip(face, (*face[1:], face[0]), strict=True))
        assert set(edges.values()) == {1}
        assert {(b, a) for a, b in edges} == set(edges)
        radii = np.linalg.norm(vertices[-AROUND:, :2], axis=1)
        assert 0.8 < radii.min() < radii.max() <= 1.0 + 1e-9
        top = vertices[:, 2].max() - THICKNESS / 2.0
        assert 0.3 * RELIEF < top < 3.0 * RELIEF
    assert np.ptp([look.vertices[0, 2] for look in looks]) > 0.0


@pytest.fixture(scope="module")
def tables():
    """Some tables with all parameters drawn."""
    with Stream(Table, seed=3, count=6, randomize="all") as stream:
        return list(stream)


def test_boxes_are_around_what_is_seen_of_coins(tables):
    count = 0
    for sample in tables:
        ids = {seen.id: seen for seen in sample.view.objects if seen.category == COIN}
        expected = []
        for number, seen in ids.items():
            rows, columns = np.nonzero(sample.images["segmentation"] == number)
            left, top, right, bottom = seen.amodal_box
            if len(rows) >= 0.4 * np.pi / 4.0 * (right - left) * (bottom - top):
                expected.append((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
        assert boxes_of(sample) == pytest.approx(np.array(expected, np.float32).reshape(-1, 4))
        count += len(expected)
    assert count > 6


def test_coins_lie_flat_or_on_one_another(tables):
    heights, leans = [], []
    for sample in tables:
        for seen in sample.view.objects:
            if seen.category == COIN:
                heights.append(seen.pose[2, 3])
                leans.append(seen.pose[2, 2] / np.linalg.norm(seen.pose[:3, 2]))
    assert min(heights) > -0.05
    assert np.median(heights) < 0.2
    assert np.median(leans) > 0.95


def test_the_photographs_and_their_labels_are_those_that_were_declared():
    greek = CoinStudy().photographs(quick=False)
    (bronze,) = greek.others
    assert greek.images.shape == (1, 303, 384)
    assert bronze.images.shape == (1, 312, 252)
    assert greek.truths.shape == bronze.truths.shape == (24, 4)
    assert greek.checksum == CoinStudy().declaration(quick=False).photographs
    assert greek.checksum != greek._replace(others=()).checksum


@pytest.mark.parametrize(("number", "sign"), [(0, 1.0), (1, -1.0)], ids=["Greek, brighter", "bronze, darker"])
def test_labels_are_around_what_is_brighter_or_darker_than_the_ground(number, sign):
    greek = read_photographs()
    opened = (greek, *greek.others)[number]
    grey = sign * opened.images[0].astype(np.float64)
    is_ground = np.ones(grey.shape, np.bool_)
    for left, top, right, bottom in opened.truths.astype(int):
        is_ground[top : bottom + 1, left : right + 1] = False
    for left, top, right, bottom in opened.truths.astype(int):
        near = (slice(max(top - 30, 0), bottom + 30), slice(max(left - 30, 0), right + 30))
        assert grey[top + 8 : bottom - 8, left + 8 : right - 8].mean() > np.median(grey[near][is_ground[near]]) + 10.0


def test_a_photograph_whose_package_is_missing_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(shipped, "find_spec", lambda name: None)
    with pytest.raises(InvalidStudy, match=r"scikit-image, which is not installed: pip install 'blendgym\[dr\]'"):
        CoinStudy().declaration(quick=False)
    CoinStudy().declaration(quick=True)


def test_a_damaged_photograph_is_refused(tmp_path):
    damaged = tmp_path / "coins.png"
    damaged.write_bytes(photograph_file().read_bytes()[:3000])
    with pytest.raises(InvalidStudy, match=r"coins\.png is missing, or is no picture .* --force-reinstall"):
        read_photograph(damaged, LABELS[0])
    with pytest.raises(InvalidStudy, match="is missing"):
        read_photograph(tmp_path / "none.png", LABELS[0])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"width": 300}, "300 × 303 pixels; .* has 384 × 303"),
        ({"boxes": [[0.0, 0.0, 10.0, 10.0], [350.0, 20.0, 390.0, 60.0]]}, "Box 1 .* within 384 × 303"),
        ({"boxes": [[30.0, 20.0, 20.0, 60.0]]}, "Box 0 .* expected left < right"),
        ({"boxes": []}, "no boxes"),
        ({"boxes": [[1.0, 2.0, 3.0]]}, "no labels of a photograph"),
    ],
    ids=["another size", "outside", "the wrong way round", "none", "three numbers"],
)
def test_labels_that_do_not_fit_are_refused(tmp_path, changes, said):
    labels = tmp_path / "boxes.json"
    labels.write_text(json.dumps({**json.loads(LABELS[0].read_text()), **changes}))
    with pytest.raises(InvalidStudy, match=said):
        read_photograph(photograph_file(), labels)


def two_rows():
    """A photograph of bright coins above and dim ones below."""
    grey = np.full((220, 200), 30.0)
    boxes = []
    down, right = np.mgrid[:220, :200] + 0.5
    for y, shade in ((50.0, 240.0), (170.0, 140.0)):
        for x in (40.0, 100.0, 160.0):
            grey[(right - x) ** 2 + (down - y) ** 2 < 400.0] = shade
            boxes.append((x - 20.0, y - 20.0, x + 20.0, y + 20.0))
    return Photographs(grey.astype(np.uint8)[None], np.array(boxes))


def test_pictures_that_are_pasted_have_no_coin_of_the_half_that_is_examined():
    photographed = two_rows()
    assert border_of(photographed.truths) == 110
    halves = list(halves_of(photographed))
    assert sorted(np.concatenate([examined for examined, _ in halves]).tolist()) == list(range(6))
    for examined, half in halves:
        assert half.grey.max() == (140.0 if 0 in examined else 240.0)
        assert len(half.boxes) == 3
        assert half.boxes[:, [1, 3]].min() >= 0.0
        assert half.boxes[:, [1, 3]].max() <= len(half.grey)


def test_boxes_of_pasted_coins_are_around_them():
    _, half = next(halves_of(two_rows()))
    made = cuttings(half, 12, 0, 0)
    assert made.grey.shape == (12, HEIGHT_OF_RENDER, WIDTH)
    assert sum(map(len, made.boxes)) > 6
    whole = 0
    for grey, boxes in zip(made.grey, made.boxes, strict=True):
        labels, _ = ndimage.label(ndimage.gaussian_filter(grey.astype(np.float64), 1.0) > 85.0)
        places = ndimage.find_objects(labels)
        for left, top, right, bottom in boxes.astype(int):
            number = labels[(top + bottom) // 2, (left + right) // 2]
            rows, columns = places[number - 1]
            if number and left > 0 and top > 0 and right < WIDTH and bottom < HEIGHT_OF_RENDER:
                assert [left, top, right, bottom] == pytest.approx(
                    [columns.start, rows.start, columns.stop, rows.stop], abs=3
                )
                whole += 1
    assert whole > 4
    again = cuttings(half, 12, 0, 0)
    assert np.array_equal(made.grey, again.grey)
    assert not np.array_equal(made.grey, cuttings(half, 12, 0, 1).grey)


def test_all_arms_are_examined_on_both_photographs_and_have_as_many_pictures():
    arms = CoinStudy().declaration(quick=False).arms
    assert [arm.name for arm in arms if not arm.networks_of] == ["randomized", "realistic", "adaptive", "pasted"]
    assert {arm.networks_of: arm.question for arm in arms if arm.networks_of} == dict.fromkeys(
        ("randomized", "realistic", "adaptive", "pasted"), "bronze"
    )
    assert {arm.images for arm in arms} == {384}
    named = {arm.name: arm for arm in arms}
    assert all(named[arm.against].question == arm.question for arm in arms if arm.against)


def test_realistic_renders_are_of_the_same_kind_as_randomized_ones():
    made = realistic(REALISTIC_GROUPS, 3, 3, ONE, lambda _: None)
    other = randomized(GROUPS, 3, 3, ONE, lambda _: None)
    assert made.grey.shape == other.grey.shape == (3, HEIGHT_OF_RENDER, WIDTH)
    assert sum(map(len, made.boxes)) > 0
    assert all(np.ptp(grey) > 20 for grey in made.grey)


def test_surroundings_that_are_missing_are_named(monkeypatch):
    monkeypatch.setattr(realistic_module, "find_spec", lambda name: None)
    with pytest.raises(InvalidStudy, match="city, courtyard, .* pip install 'blendgym\\[bpy\\]'"):
        CoinStudy().declaration(quick=True)


@pytest.mark.parametrize("flip", [(False, False), (True, False), (False, True), (True, True)])
def test_boxes_are_flipped_with_their_picture(flip):
    picture = np.zeros((20, 30), np.uint8)
    picture[4:9, 2:12] = 200
    turned, boxes = flipped(picture, np.array([[2.0, 4.0, 12.0, 9.0]], np.float32), *flip)
    rows, columns = np.nonzero(turned)
    assert boxes[0].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def discs(count, seed):
    rng = np.random.default_rng(seed)
    down, right = np.mgrid[:48, :64] + 0.5
    grey, boxes = [], []
    for _ in range(count):
        x, y, radius = rng.uniform(18.0, 46.0), rng.uniform(16.0, 32.0), rng.uniform(8.0, 14.0)
        is_inside = (right - x) ** 2 + (down - y) ** 2 < radius**2
        grey.append(np.clip(np.where(is_inside, 170.0, 50.0) + rng.normal(0.0, 8.0, is_inside.shape), 0, 255))
        boxes.append(np.array([[x - radius, y - radius, x + radius, y + radius]], np.float32))
    return np.array(grey).astype(np.uint8), boxes


def test_a_detector_learns():
    learned, unseen = Pictures(*discs(32, 0)), Pictures(*discs(8, 1))
    detector = Detector(Training(steps_per_chunk=60, last_steps=60), 1, 0)
    before = detector.losses(unseen).mean()
    detector.learn(learned)
    detector.finish()
    assert detector.losses(unseen).mean() < 0.5 * before
    seen = together([match(*detect(detector.weights(), grey), boxes) for grey, boxes in zip(*unseen, strict=True)])
    assert average_precisions(seen)[0] > 0.8


def test_what_a_detector_learns_depends_on_its_seed_alone():
    found, state = [], torch.get_rng_state()
    for seed in (0, 0, 1):
        detector = Detector(Training(steps_per_chunk=3, last_steps=3), 1, seed)
        detector.learn(Pictures(*discs(8, 0)))
        detector.finish()
        found.append(detector.weights())
    assert torch.equal(torch.get_rng_state(), state)
    first, again, other = found
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)


def test_what_is_found_in_a_flipped_picture_is_what_was_found_and_flipped():
    grey, _ = discs(1, 0)
    weights = Detector(Training(last_steps=1), 0, 0).weights()
    boxes, confidences = detect(weights, grey[0])
    assert len(boxes) > 3
    for across, over in FLIPS:
        turned, expected = flipped(grey[0], boxes.astype(np.float32), across, over)
        found, sureness = detect(weights, turned)
        by_place, in_order = (np.lexsort(each.T) for each in (expected.round(2), found.round(2)))
        assert found[in_order] == pytest.approx(expected[by_place], abs=1e-2)
        assert sureness[in_order] == pytest.approx(confidences[by_place], abs=1e-4)


def test_sides_are_learned_at_all_places_near_a_middle_and_of_the_smaller_coin_where_two_are():
    large, small = [4.0, 4.0, 44.0, 36.0], [20.0, 14.0, 32.0, 26.0]
    _, sides, shares, middles = _targets([np.array([small, large], np.float32)], (48, 64))
    assert shares.sum() == pytest.approx(2.0, abs=0.5)
    assert (shares > 0).sum() > middles.sum() > 0
    for row, column in torch.nonzero(shares[0]).tolist():
        left, up, right, down = sides[0, :, row, column].tolist()
        box = [column + 0.5 - left, row + 0.5 - up, column + 0.5 + right, row + 0.5 + down]
        assert (4.0 * np.array(box)).tolist() in (large, small)
    assert sides[0, :, 5, 6].sum() == pytest.approx((12.0 + 12.0) / 4.0)


@pytest.mark.parametrize(
    ("sides", "expected"), [((2.0, 2.0, 2.0, 2.0), 1.0), ((2.0, 2.0, 2.0, 0.0), 0.5), ((0.0, 2.0, 4.0, 2.0), 2 / 6)]
)
def test_boxes_agree_by_their_overlap_and_what_is_around_them(sides, expected):
    own, other = (torch.tensor(each).reshape(1, 4, 1, 1) for each in (sides, (2.0, 2.0, 2.0, 2.0)))
    assert _agreement(own, other).item() == pytest.approx(expected)


def test_pictures_of_any_size_are_searched():
    grey, _ = discs(1, 0)
    weights = Detector(Training(last_steps=1), 0, 0).weights()
    weights["head.1.bias"][1:] = 50.0  # so that boxes reach beyond the picture
    boxes, confidences = detect(weights, grey[0][:45, :61])
    assert len(boxes) == len(confidences) > 0
    assert boxes.min() >= 0.0
    assert boxes[:, 2].max() <= 61.0


@pytest.mark.timeout(900)
def test_the_study_can_be_rehearsed(tmp_path):
    shown = blendgym("study", "coins", "--quick", "--producers", "2", "-o", tmp_path / "coins").stdout
    assert "report.html" in shown
    with (tmp_path / "coins" / "results.csv").open() as file:
        rows = {row["arm"]: row for row in csv.DictReader(file)}
    assert set(rows) == {f"{arm}{on}" for arm in ("randomized", "realistic", "pasted") for on in ("", "_bronze")}
    assert float(rows["randomized"]["AP50"]) > 0.3  # by chance it is about 0
    assert {file.name for file in (tmp_path / "coins" / "figures").iterdir()} == {
        f"{photograph}_{what}.png"
        for photograph in ("greek", "bronze") for what in ("measures", "precision", "detections")
    }  # fmt: skip
    page = (tmp_path / "coins" / "report.html").read_text()
    assert "no photograph was opened" in page
    assert drawn().checksum in page


def test_the_page_says_what_came_out():
    page = (ROOT / "docs" / "photographs.md").read_text().replace("−", "-")  # it has a minus
    kept = ROOT / "benchmarks" / "photographs" / "coins"
    with (kept / "summary.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        percent = {name: 100.0 * float(row[name]) for name in row if name != "arm"}
        told = "| {mean:.1f} ± {deviation:.1f} ({low:.1f} to {high:.1f}) |".format(**percent)
        assert told in page, row["arm"]
        if not row["arm"].startswith("randomized"):
            assert "| {difference:+.1f} ({from:+.1f} to {to:+.1f}) |".format(**percent) in page, row["arm"]
    assert len(rows) == 8


def test_what_stands_in_for_the_photograph_is_no_photograph():
    assert drawn().checksum != CoinStudy().declaration(quick=False).photographs
    assert drawn().checksum == drawn().checksum == CoinStudy().declaration(quick=True).photographs
    assert [len(each.truths) for each in (drawn(), *drawn().others)] == [16, 16]
    assert CoinStudy().photographs(quick=True).checksum == drawn().checksum
