"""Twins of tasks with named observations, several choices and vectors of parameters."""

from __future__ import annotations

import numpy as np
import pytest
from dials import DIALS
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers import TimeLimit
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import DummyVecEnv
from vectors import assert_same

from blendgym.agents.curriculum import CurriculumCallback
from blendgym.errors import EnvironmentClosed, InvalidAction, InvalidOption
from blendgym.parameters.selection import select
from blendgym.teachers import make_teacher
from blendgym.twins.env import TwinEnv
from blendgym.twins.vector_env import TwinVectorEnv

COUNT, LIMIT = 3, 9
ACTIONS = np.random.default_rng(0).integers(0, 3, (40, COUNT, 2))
RANDOMIZED = {"randomize": "all", "expose": "observation"}


def results_of(envs, mode):
    results = [envs.reset(seed=7)]
    for actions in ACTIONS:
        results.append(envs.step(actions))
        over = results[-1][2] | results[-1][3]
        if mode is AutoresetMode.DISABLED and over.any():
            results.append(envs.reset(options={"reset_mask": over}))
    return results


@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_many_are_as_many_single_ones_in_every_mode(mode):
    ours = TwinVectorEnv(**DIALS, num_envs=COUNT, max_episode_steps=LIMIT, autoreset_mode=mode, **RANDOMIZED)
    single = SyncVectorEnv([lambda: TimeLimit(TwinEnv(**DIALS, **RANDOMIZED), LIMIT)] * COUNT, autoreset_mode=mode)
    found = results_of(ours, mode)
    assert all(ours.observation_space.contains(result[0]) for result in found)
    assert_same(found, results_of(single, mode))


@pytest.mark.filterwarnings("ignore::UserWarning")  # Hints of the checker.
def test_the_checker_of_gymnasium_is_content():
    check_env(TwinEnv(**DIALS, **RANDOMIZED), skip_render_check=True)


def test_a_vector_is_given_by_its_name_and_each_element_is_in_effect():
    env = TwinEnv(**DIALS)
    observation, info = env.reset(options={"params": {"start": [0.5, -0.25]}})
    assert observation["angles"].tolist() == [0.5, -0.25]
    assert info["params"] == {"start[0]": 0.5, "start[1]": -0.25, "gear": 0.1}
    with pytest.raises(InvalidAction, match=r"element \[1\] is 3"):
        env.step(np.array([0, 3]))


def test_a_seed_for_an_environment_that_is_not_reset_changes_nothing():
    envs = TwinVectorEnv(**DIALS, num_envs=2, randomize="all")
    envs.reset(seed=[1, 2])
    envs.reset(seed=[3, 4], options={"reset_mask": np.array([True, False])})
    assert envs.np_random_seed == (3, 2)


def test_what_is_closed_says_so():
    envs = TwinVectorEnv(**DIALS, num_envs=2)
    envs.close()
    with pytest.raises(EnvironmentClosed):
        envs.reset()


def test_a_curriculum_for_a_task_that_does_not_say_what_returns_are_worth_is_refused():
    envs = DummyVecEnv([lambda: TwinEnv(**DIALS, randomize="all")])
    space = select(envs.get_attr("task")[0].parameters, "all")
    callback = CurriculumCallback(make_teacher("uniform", space.nominal_unit), space)
    model = PPO("MultiInputPolicy", envs, device="cpu", n_steps=16, batch_size=16, n_epochs=1)
    model.learn(16)
    with pytest.raises(InvalidOption, match="Dials does not declare return_range and success_return"):
        model.learn(16, callback=callback)
