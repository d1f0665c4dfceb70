"""The pendulum begins, is rewarded and ends as its task says."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest

STILL, FULL = np.zeros(1, np.float32), np.ones(1, np.float32)


@pytest.fixture(scope="module")
def pendulum():
    env = gym.make("BlendPendulum-v0")
    yield env
    env.close()


def started(env, **parameters):
    named = {name.replace("_", "."): value for name, value in parameters.items()}
    return env.reset(seed=0, options={"params": named})[0]


def test_a_pendulum_starts_hanging_within_the_spread(pendulum):
    starts = np.array([pendulum.reset(seed=seed)[0] for seed in range(50)])
    from_hanging = np.arctan2(-starts[:, 1], -starts[:, 0])
    for values in (from_hanging, starts[:, 2]):
        assert np.abs(values).max() <= 0.1001
        assert values.min() < -0.05
        assert values.max() > 0.05


def test_a_step_of_the_pendulum_costs_angle_speed_and_torque(pendulum):
    started(pendulum, start_spread=1.0)
    for _ in range(20):
        (cosine, sine, velocity), reward, *_ = pendulum.step(FULL)
        angle = math.atan2(sine, cosine)
        assert reward == pytest.approx(-(angle**2 + 0.1 * velocity**2 + 0.001 * 2.0**2), rel=1e-4)


def test_the_cost_of_speed_has_a_bound(pendulum):
    started(pendulum, gravity=20.0, pole_length=0.5, start_spread=3.0)
    steps = [pendulum.step(FULL) for _ in range(50)]
    assert max(abs(observation[2]) for observation, *_ in steps) > 8.0
    assert min(reward for _, reward, *_ in steps) > -(math.pi**2 + 0.1 * 8.0**2 + 0.001 * 2.0**2) - 1e-6


def test_a_pendulum_cannot_be_lifted_at_once(pendulum):
    started(pendulum)
    heights = [pendulum.step(FULL)[0][0] for _ in range(100)]
    assert -0.9 < max(heights) < 0.0, "full torque alone should lift it, but not to the horizontal"


def test_the_time_limit_of_a_pendulum_is_200_steps(pendulum):
    started(pendulum, start_spread=0.0)
    steps = [pendulum.step(STILL) for _ in range(200)]
    assert [step[3] for step in steps] == [False] * 199 + [True]
    assert not any(step[2] for step in steps)
    assert sum(step[1] for step in steps) == pytest.approx(-200 * math.pi**2, rel=1e-3), "it should have hung still"


def test_a_pendulum_that_stands_is_a_success(make_env):
    upright, successes = make_env("free_tasks:UprightPendulum"), []
    for seed in range(20):
        upright.reset(seed=seed)
        for _ in range(5):
            (cosine, _, velocity), *_, info = upright.step(STILL)
            assert info["is_success"] == (cosine > math.cos(math.radians(12)) and abs(velocity) < 1.0)
            successes.append(info["is_success"])
    assert 5 < sum(successes) < 95
