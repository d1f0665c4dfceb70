"""A parameter does to a scene what building it with that value would have done, to its motion and to its look."""

from __future__ import annotations

import numpy as np
import pytest
from free_tasks import ENDLESS, FREE_ACROBOT, FREE_PENDULUM, SWINGING
from rebuilt.values import ACROBOT, CARTPOLE, LOOK, PENDULUM

from blendgym.client.env import BlendEnv

REBUILT = [
    (ENDLESS, "rebuilt.tasks:RebuiltCartpole", CARTPOLE),
    (SWINGING, "rebuilt.tasks:RebuiltSwingup", CARTPOLE),
    (FREE_PENDULUM, "rebuilt.tasks:RebuiltPendulum", PENDULUM),
    (FREE_ACROBOT, "rebuilt.tasks:RebuiltAcrobot", ACROBOT),
]
START = {"angle": 0.7, "rate": -0.5}
OTHERS = {
    "pole.mass": 0.6, "pole.length": 0.55, "gravity": 15.0, "hinge.damping": 0.0005, "upper.length": 0.95,
    "lower.length": 1.45, "lower.damping": 0.1,
}  # fmt: skip
TOLERANCE = 2e-4  # m, m/s, rad and rad/s: the last digit of a stretched pole's place, after 100 steps


@pytest.fixture(scope="module")
def made():
    """Environments of tasks, by their names."""
    envs = {}

    def env_of(task):
        if task not in envs:
            envs[task] = BlendEnv(task)
        return envs[task]

    yield env_of
    for env in envs.values():
        env.close()


def trajectory(env, values):
    env.reset(options={"params": START | values})
    pushes = np.random.default_rng(0).uniform(-2.0, 2.0, (100, 1)).astype(np.float32)
    return np.array([env.step(push)[0] for push in pushes])


@pytest.mark.parametrize(("task", "rebuilt", "values"), REBUILT)
def test_a_hundred_steps_are_those_of_a_scene_that_was_built_with_these_values(made, task, rebuilt, values):
    env, built = made(task), made(rebuilt)
    expected = trajectory(built, {})
    others = {name: value for name, value in OTHERS.items() if name in env.task.parameters}
    for before in ({}, others):
        trajectory(env, before)
        np.testing.assert_allclose(trajectory(env, values), expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(("task", "rebuilt", "values"), REBUILT)
def test_every_value_of_a_rebuilt_scene_matters(made, task, rebuilt, values):
    env = made(task)
    together = trajectory(env, values)
    for name in values:
        without = {other: value for other, value in values.items() if other != name}
        assert np.abs(trajectory(env, without) - together).max() > 20 * TOLERANCE, name


def picture(env, engine, values):
    env.reset(options={"params": START | values})
    return env.capture(engine=engine, width=84, height=84).images["rgb"]


@pytest.mark.parametrize("engine", ["raster", "cycles"])
def test_a_picture_is_that_of_a_scene_that_was_built_in_this_light_with_this_camera(made, engine):
    env, built = made(ENDLESS), made("rebuilt.tasks:RebuiltCartpole")
    expected, values = picture(built, engine, {}), CARTPOLE | LOOK
    np.testing.assert_array_equal(picture(env, engine, values), expected)
    for name in LOOK:
        without = {other: value for other, value in values.items() if other != name}
        assert not np.array_equal(picture(env, engine, without), expected), name
    np.testing.assert_array_equal(picture(env, engine, values), expected)
