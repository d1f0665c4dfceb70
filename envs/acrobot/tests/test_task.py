"""The acrobot begins, is rewarded and ends as its task says."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from free_tasks import FREE_ACROBOT

STILL, FULL = np.zeros(1, np.float32), np.ones(1, np.float32)


@pytest.fixture(scope="module")
def acrobot():
    env = gym.make("BlendAcrobot-v0")
    yield env
    env.close()


def started(env, **parameters):
    named = {name.replace("_", "."): value for name, value in parameters.items()}
    return env.reset(seed=0, options={"params": named})[0]


def angles(observation):
    return np.arctan2(observation[1:4:2], observation[:4:2])


def height_of_tip(observation, upper=1.0, lower=1.0):
    return height_at(*angles(observation), upper, lower)


def height_at(shoulder, elbow, upper=1.0, lower=1.0):
    return -upper * np.cos(shoulder) - lower * np.cos(shoulder + elbow)


def pumped(env, observation):
    """Swings up: the torque goes against the rate of the shoulder. Gives what each step led to."""
    steps, over = [], False
    while not over:
        observation, reward, terminated, truncated, info = env.step(-np.sign(observation[4:5]))
        assert info["is_success"] == terminated
        steps.append((observation, reward, terminated))
        over = terminated or truncated
    return steps


def test_an_acrobot_starts_hanging_within_the_spread(acrobot):
    starts = np.array([acrobot.reset(seed=seed)[0] for seed in range(50)])
    for values in (*np.array([angles(start) for start in starts]).T, starts[:, 4], starts[:, 5]):
        assert np.abs(values).max() <= 0.1001
        assert values.min() < -0.05
        assert values.max() > 0.05


@pytest.mark.parametrize(("upper", "lower"), [(1.0, 1.0), (1.2, 0.8), (0.8, 1.2)])
def test_a_step_costs_one_until_the_tip_is_above_the_line(acrobot, upper, lower):
    first = started(acrobot, upper_length=1.2 * upper, lower_length=1.2 * lower, torque_scale=4.0, start_spread=0.3)
    steps = pumped(acrobot, first)
    heights = np.array([height_of_tip(observation, upper, lower) for observation, _, _ in steps])
    assert [terminated for *_, terminated in steps] == (heights > 1.0).tolist()
    assert [reward for _, reward, _ in steps] == [0.0 if height > 1.0 else -1.0 for height in heights]
    assert heights[-1] > 1.0, "it should have been swung up"


def test_the_line_is_a_metre_above_the_shoulder(make_env):
    free, successes = make_env(FREE_ACROBOT), []
    anywhere = np.random.default_rng(0).uniform(0.0, 2 * np.pi, (2000, 2))
    near_the_line = anywhere[np.abs(height_at(*anywhere.T) - 1.05) < 0.05][:40]
    for angle, elbow in near_the_line:
        free.reset(options={"params": {"angle": angle, "elbow": elbow}})
        (shoulder, elbow, *_), reward, _, _, info = free.step(STILL)
        is_above = height_at(shoulder, elbow) > 1.0
        assert (reward, info["is_success"]) == (0.0 if is_above else -1.0, is_above)
        successes.append(is_above)
    assert 5 < sum(successes) < 35


def test_an_acrobot_cannot_be_lifted_at_once(acrobot):
    observation, highest = started(acrobot), -2.0
    for _ in range(50):
        observation = acrobot.step(FULL)[0]
        highest = max(highest, height_of_tip(observation))
    assert highest < -1.0, "full torque alone should bend it, and not lift its tip to the elbow"


def test_the_time_limit_of_an_acrobot_is_300_steps(acrobot):
    started(acrobot, start_spread=0.0)
    steps = [acrobot.step(STILL) for _ in range(300)]
    assert [step[3] for step in steps] == [False] * 299 + [True]
    assert not any(step[2] for step in steps)
    assert sum(step[1] for step in steps) == -300.0


def test_discrete_actions_are_full_torques_and_none(acrobot):
    discrete = gym.make("BlendAcrobotDiscrete-v0")
    for action, share in enumerate((-1.0, 0.0, 1.0)):
        started(discrete)
        started(acrobot)
        expected = acrobot.step(np.array([share], np.float32))[0]
        np.testing.assert_array_equal(discrete.step(action)[0], expected)
    discrete.close()


def test_an_action_type_that_there_is_not_is_named():
    with pytest.raises(Exception, match="action_type is 'binary'; expected one of 'continuous', 'discrete'"):
        gym.make("BlendAcrobot-v0", action_type="binary")
