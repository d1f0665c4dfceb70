"""The reacher begins, acts, is rewarded and observed as its task says."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

from blendgym.envs.reacher.task import UPPER_ARM, Reacher
from blendgym.errors import InvalidOption

STILL, FULL = np.zeros(2, np.float32), np.ones(2, np.float32)


@pytest.fixture(scope="module")
def reacher():
    env = gym.make("BlendReacher-v0")
    yield env
    env.close()


def test_whether_the_target_is_told_is_yes_or_no():
    with pytest.raises(InvalidOption, match="tells_target is 'no'; expected True or False"):
        Reacher(tells_target="no")


def angles(observation):
    return np.arctan2(observation[1:4:2], observation[0:4:2])


def test_arms_rest_at_angles_within_the_spread_and_targets_lie_all_over_their_ring(reacher):
    starts = np.array([reacher.reset(seed=seed)[0] for seed in range(400)])
    turned = np.array([angles(start) for start in starts])
    assert np.abs(turned).max() <= 2.0
    assert (turned.max(axis=0) > 1.9).all()
    assert (turned.min(axis=0) < -1.9).all()
    np.testing.assert_array_equal(starts[:, 4:6], 0.0)
    distances, bearings = np.hypot(*starts[:, 6:8].T), np.arctan2(starts[:, 7], starts[:, 6])
    assert distances.min() >= 0.18
    assert distances.max() <= 0.5
    halves_of_the_area = np.hypot(0.18, 0.5) / np.sqrt(2)
    assert np.mean(distances < halves_of_the_area) == pytest.approx(0.5, abs=0.05)
    assert np.histogram(bearings, 4, (-np.pi, np.pi))[0].min() > 70


def test_a_step_costs_the_distance_and_a_hundredth_of_the_action_squared(reacher):
    reacher.reset(seed=1)
    for action in (STILL, FULL, np.array((0.5, -1.0), np.float32)):
        observation, reward, terminated, *_ = reacher.step(action)
        assert reward == pytest.approx(-np.hypot(*observation[8:]) - 0.01 * np.sum(action**2), abs=1e-6)
        assert not terminated


def test_actions_turn_the_joints_counterclockwise(reacher):
    start, _ = reacher.reset(seed=2)
    ends = [reacher.step(FULL)[0] for _ in range(10)]
    turned = np.unwrap([angles(start), *map(angles, ends)], axis=0)
    assert (turned[-1] - turned[0] > 0.5).all()
    assert (ends[-1][4:6] > 0.5).all()


def test_an_arm_that_is_told_nothing_stays_where_it_is(reacher):
    start, _ = reacher.reset(seed=3)
    for _ in range(20):
        observation = reacher.step(STILL)[0]
    np.testing.assert_allclose(observation, start, atol=1e-3)


@pytest.mark.parametrize("forearm", [0.2, 0.25, 0.3])
def test_every_target_can_be_reached_and_the_fingertip_held_there(reacher, forearm):
    for seed in range(10):
        observation, _ = reacher.reset(seed=seed, options={"params": {"forearm.length": forearm}})
        for _ in range(60):
            observation, *_, info = reacher.step(towards(bent(observation[6:8], forearm), observation))
        assert info["is_success"]
        assert np.hypot(*observation[8:]) < 0.01
        assert np.abs(observation[4:6]).max() < 0.05


def test_a_fingertip_that_is_far_or_rushes_by_is_no_success(reacher):
    passed = 0
    for seed in range(30):
        observation, _ = reacher.reset(seed=seed)
        for _ in range(30):
            way = towards(bent(observation[6:8], 0.25), observation)
            observation, *_, info = reacher.step(way / max(np.abs(way).max(), 1e-6))
            close, slow = np.hypot(*observation[8:]) < 0.03, np.abs(observation[4:6]).max() < 0.3
            assert info["is_success"] == (close and slow)
            passed += close and not slow
    assert passed > 0


def bent(target, forearm):
    """The two pairs of angles (2, 2) at which the fingertip is on a target, by the law of cosines."""
    cosine = (target @ target - UPPER_ARM**2 - forearm**2) / (2 * UPPER_ARM * forearm)
    elbows = np.arccos(np.clip(cosine, -1.0, 1.0)) * np.array((1.0, -1.0))
    inner = np.arctan2(forearm * np.sin(elbows), UPPER_ARM + forearm * np.cos(elbows))
    return np.stack([np.arctan2(target[1], target[0]) - inner, elbows], axis=1)


def towards(goals, observation):
    """The action that goes to the nearer of two pairs of angles; the shoulder takes the short way round."""
    ways = goals - angles(observation)
    ways[:, 0] = np.angle(np.exp(1j * ways[:, 0]))
    way = min(ways, key=lambda each: np.abs(each).max())
    return np.clip(2.0 * way, -1.0, 1.0).astype(np.float32)


def test_the_time_limit_is_a_hundred_steps(reacher):
    reacher.reset(seed=0)
    assert [reacher.step(STILL)[3] for _ in range(100)] == [False] * 99 + [True]


def test_an_arm_that_is_not_told_of_the_target_observes_the_same_of_itself(make_env):
    told, blind = (make_env("blendgym.envs.reacher.task:Reacher", tells_target=each) for each in (True, False))
    assert blind.observation_space.shape == (6,)
    np.testing.assert_array_equal(blind.reset(seed=4)[0], told.reset(seed=4)[0][:6])
    np.testing.assert_array_equal(blind.step(FULL)[0], told.step(FULL)[0][:6])


def test_the_target_is_seen_where_it_is(make_env):
    env = make_env("blendgym.envs.reacher.task:Reacher", obs_type="state_rgb", tells_target=False, width=84, height=84)
    pictures = []
    for seed in range(2):
        observation, _ = env.reset(seed=seed, options={"params": {"start.spread": 0.0}})
        pictures.append(observation["rgb"].astype(int))
    changed = np.abs(pictures[0] - pictures[1]).max(axis=-1) > 20
    assert 10 < changed.sum() < 200, "what differs should be two small discs"
