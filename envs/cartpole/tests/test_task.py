"""The cart-pole begins, is pushed and ends as its task says."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

STILL = np.zeros(1, np.float32)


def test_episodes_start_within_five_hundredths_in_all_four_observations(cartpole):
    starts = np.array([cartpole.reset(seed=seed)[0] for seed in range(100)])
    assert np.abs(starts).max() <= 0.05
    assert (np.abs(starts).max(axis=0) > 0.04).all(), "each of the four should vary over the whole range"
    assert (starts.min(axis=0) < -0.02).all()


def test_the_episode_ends_when_the_pole_falls(cartpole):
    observation, _ = cartpole.reset(seed=0)
    terminated, steps = False, 0
    while not terminated:
        assert abs(observation[2]) <= np.radians(12)
        observation, reward, terminated, truncated, info = cartpole.step(STILL)
        assert (reward, truncated, info) == (1.0, False, {"is_success": False})
        steps += 1
    assert abs(observation[2]) > np.radians(12)
    assert 20 < steps < 200


def test_the_episode_ends_when_the_cart_leaves_the_track(cartpole):
    observation, _ = cartpole.reset(seed=0)
    terminated = False
    while not terminated:
        # Keeping the pole at a lean of 0.06 rad needs a steady acceleration.
        action = np.clip([4.0 * (observation[2] - 0.06) + observation[3]], -1, 1).astype(np.float32)
        observation, _, terminated, _, _ = cartpole.step(action)
    assert 2.4 < observation[0] < 2.5
    assert abs(observation[2]) < np.radians(12)


def test_a_positive_action_pushes_the_cart_to_positive_x(cartpole):
    cartpole.reset(seed=0)
    before = cartpole.step(STILL)[0]
    after = cartpole.step(np.ones(1, np.float32))[0]
    # 10 N on a cart of 1 kg with a pole of 0.1 kg for 0.02 s.
    assert after[1] - before[1] == pytest.approx(10 * 0.02 / 1.025, rel=0.05)


def test_discrete_actions_push_with_full_force_to_either_side(make_env):
    discrete, continuous = make_env(action_type="discrete"), make_env()
    for number, share in ((0, -1.0), (1, 1.0)):
        discrete.reset(seed=1)
        continuous.reset(seed=1)
        np.testing.assert_array_equal(discrete.step(number)[0], continuous.step(np.array([share], np.float32))[0])


def test_the_time_limit_truncates_after_500_steps_of_which_475_are_a_success():
    env = gym.make("BlendCartpole-v0")
    env.reset(seed=0, options={"params": {"gravity": 1.0, "pole.length": 3.0}})
    observation, truncated, steps, successes = np.zeros(4), False, 0, []
    while not truncated:
        gain = np.array([0.3, 0.6, 4.0, 2.0]) @ observation
        action = np.clip([gain], -1, 1).astype(np.float32)
        observation, _, terminated, truncated, info = env.step(action)
        successes.append(info["is_success"])
        assert not terminated
        steps += 1
    assert steps == 500
    assert successes == [False] * 474 + [True] * 26
    env.close()
