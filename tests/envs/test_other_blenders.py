"""Every environment of the suite is the same in the other supported Blenders; ``make test-versions`` runs this."""

from __future__ import annotations

import functools
import os

import gymnasium as gym
import numpy as np
import pytest
from suite import SUITE_IDS

PROGRAMS = list(filter(None, os.environ.get("BLENDGYM_TEST_BLENDERS", "").split(os.pathsep)))
SUPPORTED = ("4.5.", "5.0.", "5.2.")
STEPS = 10

pytestmark = pytest.mark.skipif(not PROGRAMS, reason="NOT TESTED: BLENDGYM_TEST_BLENDERS names no other Blender.")


@pytest.mark.parametrize("program", PROGRAMS or ["no other Blender"])
@pytest.mark.parametrize("env_id", SUITE_IDS)
def test_an_episode_with_all_parameters_drawn_is_that_of_the_default_version(env_id, program):
    (expected, seen), (actual, seen_there) = played(env_id, None), played(env_id, program)
    # Another NumPy rounds another way, and contacts make more of it.
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-5)
    assert np.abs(seen_there.astype(int) - seen).max() <= 2, "values of 255"


@functools.cache
def played(env_id, blender):
    """The observations of an episode, one after the other, and what its end looks like."""
    env = gym.make(env_id, blender=blender, obs_type="state", randomize="all").unwrapped
    observations = [env.reset(seed=3)[0]]
    if not env.welcome.blender.startswith(SUPPORTED):
        env.close()
        pytest.skip(f"NOT TESTED: Blender {env.welcome.blender} is not supported, and moves a little otherwise.")
    for action in np.random.default_rng(0).uniform(-1.0, 1.0, (STEPS, *env.action_space.shape)).astype(np.float32):
        observation, _, terminated, _, _ = env.step(action)
        observations.append(observation)
        if terminated:
            break
    picture = env.capture(width=64, height=48).images["rgb"]
    env.close()
    return np.array(observations), picture
