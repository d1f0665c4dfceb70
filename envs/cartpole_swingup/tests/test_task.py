"""The swing-up begins, is rewarded and ends as its task says."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest

FULL = np.ones(1, np.float32)


@pytest.fixture(scope="module")
def swingup():
    env = gym.make("BlendCartpoleSwingup-v0")
    yield env
    env.close()


def started(env, **parameters):
    named = {name.replace("_", "."): value for name, value in parameters.items()}
    return env.reset(seed=0, options={"params": named})[0]


def test_a_swing_up_starts_hanging_in_the_middle_within_the_spread(swingup):
    starts = np.array([swingup.reset(seed=seed)[0] for seed in range(50)])
    from_hanging = np.arctan2(-starts[:, 3], -starts[:, 2])
    for values in (starts[:, 0], starts[:, 1], from_hanging, starts[:, 4]):
        assert np.abs(values).max() <= 0.0501
        assert values.min() < -0.025
        assert values.max() > 0.025


def test_the_reward_of_a_swing_up_is_high_when_the_pole_is_upright_and_the_cart_centred(swingup):
    started(swingup, start_spread=0.5)
    for step in range(60):
        observation, reward, terminated, *_ = swingup.step(FULL if step // 12 % 2 == 0 else -FULL)
        expected = ((1 + observation[2]) / 2) ** 2 * (1 - (observation[0] / 2.4) ** 2)
        assert reward == pytest.approx(expected, abs=1e-5)
        assert 0.0 <= reward <= 1.0
        assert not terminated


def test_a_swing_up_ends_when_the_cart_leaves_the_track(swingup):
    observation, terminated, reward = started(swingup), False, 1.0
    while not terminated:
        assert abs(observation[0]) <= 2.4
        observation, reward, terminated, *_ = swingup.step(FULL)
    assert 2.4 < observation[0] < 2.7
    assert reward == 0.0


def test_a_pole_that_stands_on_its_cart_is_a_success(make_env):
    upright, successes = make_env("tasks:UprightSwingup"), []
    for seed in range(20):
        upright.reset(seed=seed)
        for _ in range(5):
            (_, _, cosine, _, rate), *_, info = upright.step(0.0 * FULL)
            assert info["is_success"] == (cosine > math.cos(math.radians(12)) and abs(rate) < 1.0)
            successes.append(info["is_success"])
    assert 10 < sum(successes) < 90
