"""Many randomized resets of all parameters of every environment leave nothing behind."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest
from suite import SUITE_IDS

FEW, MANY = 200, 1000


def nominal(env):
    """A hundred steps of the nominal episode, and what its end looks like."""
    values = {name: parameter.nominal for name, parameter in env.task.parameters.items()}
    states = [env.reset(seed=1, options={"params": values})[0]]
    for action in np.random.default_rng(0).uniform(-0.1, 0.1, (100, *env.action_space.shape)).astype(np.float32):
        state, _, terminated, _, _ = env.step(action)
        states.append(state)
        if terminated:
            break
    return np.array(states), env.capture(width=84, height=84).images["rgb"]


OFTEN = ("BlendAcrobot-v0", "BlendPushT-v0", "BlendStack-v0")
"""Joints, contacts and layouts."""

SETTLING = "BlendNextView-v0"
"""Lets a heap come to rest in each reset, which takes minutes for many."""


@pytest.mark.parametrize(
    ("env_id", "resets"),
    [
        *((each, FEW) for each in OFTEN),
        *(pytest.param(each, FEW, marks=pytest.mark.long) for each in SUITE_IDS if each not in (*OFTEN, SETTLING)),
        *(pytest.param(each, MANY, marks=pytest.mark.endurance) for each in SUITE_IDS),
    ],
)
@pytest.mark.timeout(600)
def test_values_stay_what_was_drawn_and_nominal_ones_bring_the_nominal_episode_back(env_id, resets):
    env = gym.make(env_id, randomize="all").unwrapped
    parameters, (states, picture) = env.task.parameters, nominal(env)
    low, high = (np.array([getattr(each, bound) for each in parameters.values()]) for bound in ("low", "high"))
    room, places = 1e-3 * (high - low), []
    for seed in range(resets):
        in_effect = np.array(list(env.reset(seed=seed)[1]["params"].values()))
        assert (in_effect >= low - room).all()
        assert (in_effect <= high + room).all()
        places.append(parameters.to_unit(np.clip(in_effect, low, high)))
    # Means of places are normal; of five hundred with a standard deviation of 0.013, so what drifts would be seen.
    allowed = 4.6 / math.sqrt(12 * resets / 2)
    for half in (places[: resets // 2], places[resets // 2 :]):
        np.testing.assert_allclose(np.mean(half, axis=0), 0.5, atol=allowed)
    states_again, picture_again = nominal(env)
    np.testing.assert_array_equal(states_again, states)
    np.testing.assert_array_equal(picture_again, picture)
    env.close()
