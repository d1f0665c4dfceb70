"""The first observation of an episode depends on its seed alone: not on what its server has done before."""

from __future__ import annotations

import numpy as np
import pytest


def test_a_body_is_seen_where_its_joint_was_placed_from_the_first_observation_on(make_env):
    env, other = make_env("watching:WatchedPole"), make_env("watching:WatchedPole")
    first, _ = env.reset(seed=1)
    again, _ = env.reset(seed=1)
    env.step(np.ones(1, np.float32))
    later, _ = env.reset(seed=1)
    elsewhere, _ = other.reset(seed=1)
    for observation in (again, later, elsewhere):
        np.testing.assert_array_equal(observation, first)
    x, _, z, *velocity = first  # Half the pole's length from the hinge; it turns at 1 rad/s.
    assert np.hypot(x, z) == pytest.approx(0.5)
    assert velocity == pytest.approx((z, 0.0, -x), abs=1e-6)
