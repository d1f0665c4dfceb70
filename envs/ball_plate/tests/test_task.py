"""The ball on the plate begins, acts, is rewarded and ends as its task says."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

STILL, FULL = np.zeros(2, np.float32), np.ones(2, np.float32)


@pytest.fixture(scope="module")
def plate():
    env = gym.make("BlendBallPlate-v0")
    yield env
    env.close()


def balancing(observation):
    """Tilts towards the target, and against the velocity."""
    ball, velocity, _, target = observation.reshape(4, 2)
    return np.clip(3.0 * (target - ball) - 2.2 * velocity, -1.0, 1.0).astype(np.float32)


def test_balls_roll_and_targets_lie_anywhere_within_their_spread_on_a_level_plate(plate):
    starts = np.array([plate.reset(seed=seed)[0] for seed in range(200)])
    for numbers, spread in ((starts[:, :2], 0.35), (starts[:, 2:4], 0.3), (starts[:, 6:], 0.25)):
        assert np.abs(numbers).max() <= spread * 1.001
        assert (numbers.max(axis=0) > 0.9 * spread).all()
        assert (numbers.min(axis=0) < -0.9 * spread).all()
    np.testing.assert_array_equal(starts[:, 4:6], 0.0)


def test_a_step_pays_by_the_distance_to_the_target(plate):
    plate.reset(seed=1)
    for _ in range(30):
        observation, reward, *_ = plate.step(STILL)
        distance = np.hypot(*(observation[:2] - observation[6:]))
        assert reward == pytest.approx(1.0 / (1.0 + (distance / 0.1) ** 2), rel=1e-5)


@pytest.mark.parametrize("direction", [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.5), (-0.3, -1.0)])
def test_the_plate_goes_to_its_tilt_at_its_speed_and_the_ball_follows(plate, direction):
    plate.reset(seed=2, options={"params": {"start.spread": 0.0, "start.speed": 0.0}})
    action, tilts = np.array(direction, np.float32), [np.zeros(2)]
    for _ in range(12):
        observation = plate.step(action)[0]
        tilts.append(observation[4:6])
    expected = np.minimum(np.arange(13) * 1.0 / 25, 0.2 * np.linalg.norm(action))
    np.testing.assert_allclose(np.linalg.norm(tilts, axis=1), expected, atol=1e-6)
    np.testing.assert_allclose(tilts[-1], 0.2 * action, atol=1e-6)
    way = observation[:2] / np.linalg.norm(observation[:2])
    np.testing.assert_allclose(way, action / np.linalg.norm(action), atol=0.02)


def test_a_plate_that_is_off_level_looks_level_to_itself(plate):
    plate.reset(seed=3, options={"params": {"level.x": 0.04, "start.spread": 0.0, "start.speed": 0.0}})
    for _ in range(25):
        observation = plate.step(STILL)[0]
    np.testing.assert_array_equal(observation[4:6], 0.0)
    assert observation[0] > 0.05


def test_an_episode_ends_when_the_ball_has_fallen_off(plate):
    plate.reset(seed=4)
    terminated, steps = False, 0
    while not terminated:
        observation, _, terminated, _, info = plate.step(FULL)
        steps += 1
    assert 10 < steps < 50
    assert np.abs(observation[:2]).max() > 0.5
    assert not info["is_success"]


def test_a_ball_that_is_balanced_on_its_target_is_a_success(plate):
    for seed in range(5):
        observation, _ = plate.reset(seed=seed)
        truncated, total = False, 0.0
        while not truncated:
            observation, reward, terminated, truncated, info = plate.step(balancing(observation))
            close = np.hypot(*(observation[:2] - observation[6:])) < 0.05
            slow = np.hypot(*observation[2:4]) < 0.1
            assert info["is_success"] == (close and slow)
            assert not terminated
            total += reward
        assert info["is_success"]
        assert total > 190.0


def test_the_target_is_seen_where_the_ball_should_go(make_env):
    env = make_env("blendgym.envs.ball_plate.task:BallPlate", obs_type="rgb")
    pictures = [env.reset(seed=seed, options={"params": {"start.spread": 0.0}})[0].astype(int) for seed in range(2)]
    changed = np.abs(pictures[0] - pictures[1]).max(axis=-1) > 20
    assert 10 < changed.sum() < 500, "what differs should be two discs"
