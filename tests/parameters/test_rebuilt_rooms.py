"""Parameters of the rooms with servos and contacts do what building their scenes with these values would have done."""

from __future__ import annotations

import numpy as np
import pytest
from rebuilt.rooms import BALL_PLATE, REACHER

REBUILT = [
    ("blendgym.envs.reacher.task:Reacher", "rebuilt.rooms:RebuiltReacher", REACHER),
    ("blendgym.envs.ball_plate.task:BallPlate", "rebuilt.rooms:RebuiltBallPlate", BALL_PLATE),
]
TOLERANCE = 1e-4  # m, m/s, rad and rad/s


def trajectory(env, values):
    env.reset(seed=5, options={"params": {"start.spread": 0.0} | values})
    actions = np.random.default_rng(0).uniform(-0.3, 0.3, (100, 2)).astype(np.float32)
    return np.array([env.step(action)[0] for action in actions])


@pytest.mark.parametrize(("task", "rebuilt", "values"), REBUILT)
def test_a_hundred_steps_are_those_of_a_scene_that_was_built_with_these_values(make_env, task, rebuilt, values):
    env, built = make_env(task), make_env(rebuilt)
    expected = trajectory(built, {})
    np.testing.assert_allclose(trajectory(env, values), expected, rtol=0, atol=TOLERANCE)
    for name in values:
        without = {other: value for other, value in values.items() if other != name}
        assert np.abs(trajectory(env, without) - expected).max() > 20 * TOLERANCE, name
    np.testing.assert_allclose(trajectory(env, values), expected, rtol=0, atol=TOLERANCE)
