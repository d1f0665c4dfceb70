"""What trains and what tests takes named observations and several choices."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from named import NAMED
from stable_baselines3 import A2C, PPO

from blendgym.agents.vec_env import make_vec_env
from blendgym.testing import CONFORMANCE_CHECKS, TaskUnderTest, run_checks

IMAGES = {"obs_type": "state_rgb", "width": 36, "height": 36}


@pytest.fixture(scope="module", autouse=True)
def named_id():
    """The task by an id, as recipes and users have it."""
    from blendgym.registry import ENTRY_POINT, VECTOR_ENTRY_POINT

    gym.register(
        "Named-v0", ENTRY_POINT, vector_entry_point=VECTOR_ENTRY_POINT, kwargs={"task": NAMED}, max_episode_steps=20
    )
    yield
    del gym.registry["Named-v0"]


@pytest.mark.parametrize(
    ("algorithm", "arguments"),
    [(PPO, {}), (A2C, {}), (PPO, {"randomize": "all", "expose": "observation"}), (PPO, IMAGES)],
    ids=["PPO", "A2C", "context", "images"],
)
def test_stable_baselines3_learns_from_them(algorithm, arguments):
    envs = make_vec_env("Named-v0", n_envs=2, seed=0, **arguments)
    model = algorithm("MultiInputPolicy", envs, n_steps=64, seed=0)
    before = [each.detach().clone() for each in model.policy.parameters()]
    model.learn(256)
    assert any((each.detach() != other).any() for each, other in zip(model.policy.parameters(), before, strict=True))
    actions, _ = model.predict(envs.reset())
    assert actions.shape == (2, 2)
    envs.close()


def test_last_observations_are_those_of_the_episodes_that_have_ended():
    envs = make_vec_env("Named-v0", n_envs=2, seed=0)
    envs.reset()
    for step in range(1, 25):
        observations, _, dones, infos = envs.step(np.array([[2, 1], [0, 1]]))
        for row in dones.nonzero()[0]:
            np.testing.assert_array_equal(infos[row]["terminal_observation"]["cell"], [step % 4, step % 2])
            np.testing.assert_array_equal(observations["cell"][row], [0, 0])
        if dones.any():
            break
    assert dones.any()
    envs.close()


def test_the_conformance_kit_finds_nothing_wrong():
    with TaskUnderTest(NAMED) as task:
        results = [each for each in run_checks(CONFORMANCE_CHECKS, task) if "docstring" not in each.title]
    assert not [result for result in results if result.failure]
    assert len(results) >= 20
