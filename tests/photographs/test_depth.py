"""Depth: networks learn disparities, block matching is judged on the same pixels, the pair is the one declared."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from command_line import blendgym
from hypothesis import given
from hypothesis import strategies as st

from blendgym.errors import InvalidStudy
from blendgym.photographs import shipped
from blendgym.photographs.depth import study
from blendgym.photographs.depth.block_matching import filled, matched
from blendgym.photographs.depth.judging import judged, share_right, tiled
from blendgym.photographs.depth.learner import StereoLearner, Training, shares_of
from blendgym.photographs.depth.network import compared, disparities_of, mean_level, moved
from blendgym.photographs.depth.pairs import Pairs, doubled, halved, nearest_of
from blendgym.photographs.depth.photograph import LEFT, RIGHT, TRUTH, drawn, photograph_folder, read_pair
from blendgym.photographs.depth.prints import picture
from blendgym.photographs.depth.room import REACH
from blendgym.photographs.depth.study import DepthStudy
from blendgym.photographs.grey import grey

ROOT = Path(__file__).parents[2]
NAN = np.nan


def speckled(count, seed, height=48, width=96):
    """Pairs of a speckled square before a speckled wall, at whole disparities."""
    rng = np.random.default_rng(seed)
    left = rng.uniform(0.0, 255.0, (count, height, width + REACH)).astype(np.uint8)
    disparities = np.empty((count, height, width))
    right = left.copy()
    for number in range(count):
        far, near = rng.integers(2, 8), rng.integers(10, 30)
        disparities[number] = far
        right[number, :, : width + REACH - far] = left[number, :, far:]
        top, start = rng.integers(4, 16), rng.integers(40, 56)
        square = rng.uniform(0.0, 255.0, (24, 32)).astype(np.uint8)
        left[number, top : top + 24, start : start + 32] = square
        right[number, top : top + 24, start - near : start - near + 32] = square
        disparities[number, top : top + 24, start : start + 32] = near
    return Pairs(
        left[..., :width], right[..., :width], disparities.astype(np.float16), np.ones(disparities.shape, bool)
    )


def test_a_network_learns_and_depends_on_its_seed_alone():
    pairs, unseen = speckled(16, 0), speckled(4, 1)
    state, learned = torch.get_rng_state(), []
    training = Training(steps_per_chunk=12, last_steps=12, batch=3, width=80, height=40)
    for _ in range(2):
        learner = StereoLearner(training, 1, 0)
        before = learner.losses(unseen).mean()
        learner.learn(pairs)
        learner.finish()
        assert learner.losses(unseen).mean() < 0.7 * before
        learned.append(learner.weights())
    assert torch.equal(torch.get_rng_state(), state)
    assert all(np.array_equal(learned[0][name], learned[1][name]) for name in learned[0])
    other = StereoLearner(training, 1, 1).weights()
    assert not all(np.array_equal(StereoLearner(training, 1, 0).weights()[name], other[name]) for name in other)
    assert sum(array.size for array in other.values()) < 300_000


def test_unknown_disparities_teach_nothing():
    pairs = speckled(4, 0)
    pairs.disparities[:] = NAN
    pairs.disparities[0, 8:24, 48:64] = 5.0
    learner = StereoLearner(Training(steps_per_chunk=2, last_steps=0, batch=2, width=96, height=48), 1, 0)
    learner.learn(pairs)
    assert learner.losses(pairs.part(1, 2)).tolist() == [0.0]
    assert all(np.isfinite(array).all() for array in learner.weights().values())


def test_features_are_alike_at_the_disparity_by_which_they_are_moved():
    right = torch.randn(2, 24, 6, 40, generator=torch.Generator().manual_seed(0))
    left = torch.zeros_like(right)
    left[..., 7:] = right[..., :-7]
    alike = compared(left, right, 20).mean(dim=1)
    assert alike.shape == (2, 20, 6, 40)
    assert torch.all(alike[..., 7:].argmax(dim=1) == 7)
    assert alike[:, 7, :, 7:].numpy() == pytest.approx(1.0, abs=1e-4)
    assert torch.all(alike[:, 19, :, :19] == 0.0)


def test_a_right_picture_moved_by_true_disparities_is_the_left_one():
    pairs = speckled(2, 3)
    right, left = (torch.from_numpy(each.astype(np.float32))[:, None] for each in (pairs.right, pairs.left))
    again = moved(right, torch.from_numpy(pairs.disparities.astype(np.float32))[:, None])
    for number, disparities in enumerate(pairs.disparities.astype(np.float64)):
        is_seen = nearest_of(disparities)
        assert (again[number, 0] - left[number, 0]).abs().numpy()[is_seen] == pytest.approx(0.0, abs=0.05)


@given(st.floats(0.0, 36.0))
def test_shares_of_levels_and_their_mean_are_inverse(disparity):
    shares = shares_of(torch.full((1, 2, 2), disparity))
    assert float(shares.sum()) == pytest.approx(1.0, abs=1e-5)
    level = mean_level(torch.log(shares + 1e-12))
    assert 2.0 * float(level) == pytest.approx(disparity, abs=1e-3)


def test_pairs_of_any_size_are_answered():
    pairs = speckled(1, 0, 45, 83)
    found = disparities_of(StereoLearner(Training(last_steps=1), 0, 0).weights(), pairs.left[0], pairs.right[0])
    assert found.shape == (45, 83)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("matcher", ["bm", "sgbm"])
def test_block_matching_answers_up_to_the_left_border(matcher):
    shown, truth = drawn().images, drawn().truths
    answers = matched(*shown, 80, matcher)
    assert answers.shape == truth.shape
    is_answered = np.isfinite(answers)
    assert is_answered.mean() > 0.6
    assert is_answered[:, 20:60].mean() > 0.5
    assert (np.abs(answers - truth) <= 1.0)[is_answered & nearest_of(truth)].mean() > 0.95


def test_holes_are_as_far_as_the_farther_of_their_neighbours():
    answers = np.array([[NAN, NAN, NAN, NAN, NAN], [NAN, 5.0, NAN, 3.0, NAN], [1.0, NAN, NAN, NAN, 2.0]])
    expected = [[5.0, 5.0, 3.0, 3.0, 3.0], [5.0, 5.0, 3.0, 3.0, 3.0], [1.0, 1.0, 1.0, 1.0, 2.0]]
    assert filled(answers).tolist() == expected
    assert filled(np.full((2, 3), NAN)).tolist() == [[0.0] * 3] * 2
    assert filled(np.ones((2, 3))).tolist() == [[1.0] * 3] * 2


@given(st.integers(0, 2**32))
def test_tiles_together_are_worth_what_the_whole_is(seed):
    rng = np.random.default_rng(seed)
    truth = np.where(rng.random((123, 171)) < 0.8, rng.uniform(5.0, 60.0, (123, 171)), NAN)
    found = truth + rng.normal(0.0, 3.0, truth.shape)
    found[np.isnan(found)] = 1.0
    answers = tiled(found, truth)
    assert len(answers["scores"]) == 3 * 4
    weights = np.full(12, 1.0 / 12.0)
    error, (_, bad, _) = judged(found, truth, np.ones(truth.shape, bool))
    assert share_right(answers, weights) == pytest.approx(1.0 - bad)
    assert error == pytest.approx(np.nanmean(np.abs(found - truth)))
    alone = np.zeros(12)
    alone[5] = 1.0
    assert share_right(answers, alone) == pytest.approx(answers["scores"][5])
    tile = np.abs(found - truth)[50:100, 50:100]
    assert answers["scores"][5] == pytest.approx((tile[np.isfinite(tile)] <= 2.0).mean())


def test_a_picture_is_halved_by_the_mean_of_four_and_disparities_are_doubled():
    shown = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3) * 8
    assert halved(shown).tolist() == [[shown[:, :2].mean((0, 1)).round().tolist(), shown[:, 2].mean(0).tolist()]]
    assert doubled(np.array([[1.0, 2.5]]), 2, 3).tolist() == [[2.0, 2.0, 5.0]] * 2


def test_pictures_on_things_repeat_without_a_seam():
    """Across the border, a picture changes by about as much as from pixel to pixel elsewhere."""
    rng = np.random.default_rng(0)
    for made in (picture(rng) for _ in range(24)):
        assert 0.0 <= made.min() < made.max() <= 1.0
        for axis in (0, 1):
            seam = np.abs(made.take(0, axis) - made.take(-1, axis)).mean()
            assert seam < 3.0 * np.abs(np.diff(made, axis=axis)).mean()


def test_the_pair_is_the_one_that_was_declared():
    opened = DepthStudy().photographs(quick=False)
    assert opened.images.shape == (2, 500, 741, 3)
    assert opened.truths.shape == (500, 741)
    assert opened.checksum == DepthStudy().declaration(quick=False).photographs
    assert np.nanmax(opened.truths) < 2 * REACH


def test_what_stands_in_for_the_pair_has_the_disparities_that_are_told():
    shown = drawn()
    assert shown.checksum == drawn().checksum == DepthStudy().declaration(quick=True).photographs
    left, right = (grey(each).astype(np.float64) for each in shown.images)
    rows, columns = np.nonzero(nearest_of(shown.truths))
    places = (columns - shown.truths[rows, columns]).astype(int)
    assert np.array_equal(left[rows, columns], right[rows, places])


def test_a_pair_whose_package_is_missing_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(shipped, "find_spec", lambda name: None)
    with pytest.raises(InvalidStudy, match=r"scikit-image, which is not installed: pip install 'blendgym\[dr\]'"):
        DepthStudy().declaration(quick=False)
    DepthStudy().declaration(quick=True)


def test_opencv_that_is_missing_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(InvalidStudy, match="pip install opencv-python-headless"):
        DepthStudy().declaration(quick=True)


def copied(folder):
    """The files of the pair."""
    for name in (LEFT, RIGHT, TRUTH):
        (folder / name).write_bytes((photograph_folder() / name).read_bytes())
    return folder


@pytest.mark.parametrize("name", [LEFT, TRUTH])
def test_a_damaged_pair_is_refused(tmp_path, name):
    file = copied(tmp_path) / name
    file.write_bytes(file.read_bytes()[:3000])
    with pytest.raises(InvalidStudy, match=rf"{name} is missing, or .* --force-reinstall scikit-image"):
        read_pair(tmp_path)
    file.unlink()
    with pytest.raises(InvalidStudy, match=f"{name} is missing"):
        read_pair(tmp_path)


def test_a_truth_that_does_not_fit_the_pictures_is_refused(tmp_path):
    copied(tmp_path)
    np.savez(tmp_path / TRUTH, np.ones((20, 30), np.float32))
    with pytest.raises(InvalidStudy, match="741 × 500, 741 × 500, 30 × 20 pixels; expected the same"):
        read_pair(tmp_path)
    np.savez(tmp_path / TRUTH, np.full((500, 741), NAN, np.float32))
    with pytest.raises(InvalidStudy, match="expected disparities"):
        read_pair(tmp_path)


@pytest.mark.parametrize("name", ["randomized", "fewer"])
def test_the_arm_with_fewer_renders_has_the_first_of_the_others_and_as_many_updates(tmp_path, monkeypatch, name):
    asked, learned = [], []

    def kept(folder, randomize, seed, count, *_):
        asked.append(count)
        return speckled(2 if len(asked) == 1 else count, 0)  # the first are for the validation

    def trained(training, pairs, seed):
        learned.append((training, pairs))
        return StereoLearner(training, 1, seed)

    monkeypatch.setattr(study, "kept_renders", kept)
    monkeypatch.setattr(study, "trained", trained)
    declaration = DepthStudy().declaration(quick=False)
    arm = next(each for each in declaration.arms if each.name == name)
    DepthStudy().train(declaration, arm, 0, 1, tmp_path, print)
    ((training, pairs),) = learned
    assert asked == [64, 192]
    assert np.array_equal(pairs.left, speckled(192, 0).left[: arm.images])
    assert arm.images // 32 * training.steps_per_chunk + training.last_steps == 6 * 30 + 150


@pytest.mark.timeout(900)
def test_the_study_can_be_rehearsed(tmp_path):
    shown = blendgym("study", "depth", "--quick", "--producers", "2", "-o", tmp_path / "depth").stdout
    assert "report.html" in shown
    with (tmp_path / "depth" / "results.csv").open() as file:
        rows = {row["arm"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"randomized", "sgbm"}
    assert float(rows["sgbm"]["EPE_on_sgbm"]) < 1.0
    assert float(rows["randomized"]["score"]) > 0.3  # a wall at 12 pixels, squares in all else
    assert {file.name for file in (tmp_path / "depth" / "figures").iterdir()} >= {"errors.png", "disparities.png"}
    page = (tmp_path / "depth" / "report.html").read_text()
    assert "no photograph was opened" in page
    assert drawn().checksum in page


def test_the_page_says_what_came_out():
    page = (ROOT / "docs" / "photographs.md").read_text().replace("−", "-")  # it has a minus
    kept = ROOT / "benchmarks" / "photographs" / "depth"
    with (kept / "summary.csv").open() as summary, (kept / "results.csv").open() as results:
        arms, runs = list(csv.DictReader(summary)), list(csv.DictReader(results))
    for arm in arms:
        percent = {name: 100.0 * float(arm[name]) for name in arm if name != "arm"}
        error = np.mean([float(run["EPE"]) for run in runs if run["arm"] == arm["arm"]])
        told = "| {mean:.1f} ({low:.1f} to {high:.1f}) |".format(**percent)
        assert f"{told} {error:.2f}" in page, arm["arm"]
        if arm["arm"] != "randomized":
            assert "| {difference:+.1f} ({from:+.1f} to {to:+.1f}) |".format(**percent) in page, arm["arm"]
    assert len(arms) == 9
