"""The swing-up begins, is rewarded and ends as its task says."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest
from scipy.integrate import quad

from blendgym.twins.making import make_twin

FULL = np.ones(1, np.float32)


@pytest.fixture(scope="module")
def swingup():
    env = gym.make("BlendCartpoleSwingup-v1")
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


def reward_without_rate(observation):
    return ((1 + observation[2]) / 2) ** 2 * (1 - (observation[0] / 2.4) ** 2)


def test_the_reward_of_a_swing_up_is_high_when_the_pole_stands_still_and_the_cart_is_centred(swingup):
    started(swingup, start_spread=0.5)
    for step in range(60):
        observation, reward, terminated, *_ = swingup.step(FULL if step // 12 % 2 == 0 else -FULL)
        expected = reward_without_rate(observation) / (1 + observation[4] ** 2)
        assert reward == pytest.approx(expected, abs=1e-5)
        assert 0.0 <= reward <= 1.0
        assert not terminated


def kept_rotating(observation, step):
    """An action that keeps a pole going over the top at 3 rad/s, and the cart near the middle."""
    position, velocity, cosine, _, rate = observation
    if step < 5:
        return np.array([0.5], np.float32)
    lacking = 3.0**2 - (rate**2 - 3 * 9.81 * (1 - cosine))  # (rad/s)²
    acceleration = -0.1 * lacking * cosine * rate - position - 1.5 * velocity
    return np.clip([0.11 * acceleration], -1, 1).astype(np.float32)


def test_a_policy_that_rotates_the_pole_for_ever_gets_next_to_nothing(swingup):
    observation, rewards, without_rate, angles = started(swingup), [], [], []
    for step in range(500):
        observation, reward, terminated, _, _ = swingup.step(kept_rotating(observation, step))
        assert not terminated
        rewards.append(reward)
        without_rate.append(reward_without_rate(observation))
        angles.append(math.atan2(observation[3], observation[2]))
    turns = np.ptp(np.unwrap(angles)) / math.tau
    assert turns > 5, "it should rotate"
    assert sum(without_rate) > 150, "it should be what v0 paid for"
    assert sum(rewards) < 30


@pytest.mark.parametrize(("rate_at_the_top", "a_step"), [(1.0, 0.17), (2.0, 0.07)])
def test_what_a_rotating_pole_gets_is_an_integral_over_its_turns(rate_at_the_top, a_step):
    def rate(angle):
        return np.sqrt(rate_at_the_top**2 + 3 * 9.81 * (1 - np.cos(angle)))

    def paid(angle):
        return ((1 + np.cos(angle)) / 2) ** 2 / (1 + rate(angle) ** 2)

    turn = quad(lambda angle: 1 / rate(angle), 0, math.tau)[0]  # s
    mean = quad(lambda angle: paid(angle) / rate(angle), 0, math.tau)[0] / turn
    assert mean == pytest.approx(a_step, abs=0.005)

    twin = make_twin("BlendCartpoleSwingup-v1", 1, ["cart.mass", "pole.mass"])
    heavy_cart = twin.parameters.to_unit(np.array([[4.0, 0.05]]))
    twin.reset(np.array([0]), heavy_cart, np.random.default_rng(0))
    twin.place(np.array([0]), np.zeros((2, 1)), np.array([[0.0], [rate_at_the_top]]))
    rewards = [twin.step(np.zeros((1, 1), np.float32)).rewards[0] for _ in range(round(5 * turn * 50))]
    assert np.mean(rewards) == pytest.approx(mean, rel=0.1)


def test_a_swing_up_ends_when_the_cart_leaves_the_track(swingup):
    observation, terminated, reward = started(swingup), False, 1.0
    while not terminated:
        assert abs(observation[0]) <= 2.4
        observation, reward, terminated, *_ = swingup.step(FULL)
    assert 2.4 < observation[0] < 2.7
    assert reward == 0.0


def test_a_pole_that_stands_on_its_cart_is_a_success(make_env):
    upright, successes = make_env("free_tasks:UprightSwingup"), []
    for seed in range(20):
        upright.reset(seed=seed)
        for _ in range(5):
            (_, _, cosine, _, rate), *_, info = upright.step(0.0 * FULL)
            assert info["is_success"] == (cosine > math.cos(math.radians(12)) and abs(rate) < 1.0)
            successes.append(info["is_success"])
    assert 10 < sum(successes) < 90
