"""The stack begins, is rewarded and ends as its task says."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from towers import balanced

from blendgym.envs.stack.boxes import MAX_BOXES, SHELF

NOWHERE = np.array([1.0, 1.0, 0.0], np.float32)


@pytest.fixture(scope="module")
def stack():
    env = gym.make("BlendStack-v0")
    yield env
    env.close()


def rows(observation):
    """What is told of each box."""
    return observation[8:].reshape(MAX_BOXES, 12)


def played(env, seed, policy, **parameters):
    """All steps of an episode."""
    named = {name.replace("_", ".", 1): value for name, value in parameters.items()}
    observation, _ = env.reset(seed=seed, options={"params": named})
    steps, ended = [], False
    while not ended:
        steps.append(env.step(policy(observation)))
        observation, ended = steps[-1][0], steps[-1][2] or steps[-1][3]
    return steps


def test_boxes_of_random_sizes_wait_on_the_shelf(stack):
    starts = [rows(stack.reset(seed=seed)[0])[:5] for seed in range(20)]
    lengths, widths, heights, offsets = np.concatenate(starts)[:, 1:5].T
    for values, (low, high) in ((lengths, (0.18, 0.30)), (widths, (0.13, 0.19)), (heights, (0.07, 0.12))):
        assert low <= values.min() < low + 0.02
        assert high - 0.02 < values.max() <= high
    assert set(np.round((offsets / lengths).astype(float), 2).tolist()) == {0.0, 0.18, 0.3}
    bottoms = np.concatenate([start[:, 7] - start[:, 3] / 2 for start in starts])
    assert bottoms == pytest.approx(SHELF[1], abs=1e-5)


def test_the_next_box_is_told_as_it_waits(stack):
    for seed in range(8):
        observation, _ = stack.reset(seed=seed)
        row = rows(observation)[0]
        along = np.abs(row[8:10])
        assert observation[1:3] == pytest.approx(along * row[1] + along[::-1] * row[2], abs=1e-6)
        assert observation[3] == row[3]
        assert observation[4:6] == pytest.approx(row[8:10] * row[4], abs=1e-6)


@pytest.mark.parametrize("boxes", [1, 3, 6])
def test_a_balanced_tower_is_worth_two(stack, boxes):
    steps = played(stack, 3, balanced, boxes=boxes)
    assert [step[2] for step in steps] == [False] * (boxes - 1) + [True]
    heights = rows(steps[-1][0])[:boxes, 3]
    shares = heights / heights.sum()
    shares[-1] += 1.0
    assert [step[1] for step in steps] == pytest.approx(shares.tolist(), abs=1e-6)
    assert steps[-1][4]["is_success"]


def test_what_falls_is_lost_and_ends_the_episode(stack):
    steps = played(stack, 0, lambda seen: balanced(seen) if seen[0] > 2 else NOWHERE)
    assert [step[2] for step in steps] == [False] * 3 + [True]
    heights = rows(steps[0][0])[:5, 3]
    standing = heights[:3].sum() / heights.sum()
    assert sum(step[1] for step in steps) == pytest.approx(standing, abs=1e-6)
    assert not steps[-1][4]["is_success"]


def test_who_waits_does_not_move(stack):
    first = rows(stack.reset(seed=5)[0])
    for step in played(stack, 5, balanced):
        waiting = rows(step[0])[:, 0] == 0.0
        np.testing.assert_array_equal(rows(step[0])[waiting], first[waiting])


def test_a_box_is_let_go_of_where_the_action_says(stack):
    calm = {"placement_noise": 0.0, "pedestal_length": 0.25, "pedestal_width": 0.25, "box_imbalance": 0.0}
    for turn in (-1.0, 0.0, 0.5):
        action = np.array([0.3, -0.2, turn], np.float32)
        (before, (after, *_), *_) = stack.reset(seed=1)[0], played(stack, 1, lambda seen, a=action: a, **calm)[0]
        row = rows(after)[0]
        assert row[5:8] == pytest.approx((0.045, -0.03, row[3] / 2), abs=1e-3)
        waited = np.arctan2(*rows(before)[0][9:7:-1])
        turned = np.arctan2(row[9], row[8]) - waited
        assert np.cos(turned - turn * np.pi / 2) == pytest.approx(1.0, abs=1e-3)


def test_a_random_policy_gets_next_to_nothing(stack):
    random = np.random.default_rng(0)
    returns = [
        sum(step[1] for step in played(stack, seed, lambda _: random.uniform(-1, 1, 3).astype(np.float32)))
        for seed in range(30)
    ]
    assert np.mean(returns) < 0.1
