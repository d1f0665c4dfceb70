"""Successes of many environments are those of single ones, and reach stable-baselines3."""

from __future__ import annotations

from contextlib import closing

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from stable_baselines3 import PPO
from vectors import ACTIONS, ARGUMENTS, COUNT, LIMIT, SEED, assert_same, rollout, rollout_of

from blendgym.agents import StableBaselinesVecEnv
from blendgym.registry import environment_spec

LEANING = "free_tasks:LeaningCartpole"


def single():
    return gym.make(environment_spec(LEANING), **ARGUMENTS)


def many(**arguments):
    return gym.make_vec(environment_spec(LEANING), COUNT, "vector_entry_point", num_servers=2, **ARGUMENTS, **arguments)


@pytest.fixture(scope="module")
def reference():
    """What single environments do under Gymnasium's own vector environment, by autoreset mode."""
    envs, results = SyncVectorEnv([single] * COUNT), {}
    for mode in AutoresetMode:
        envs.autoreset_mode = envs.metadata["autoreset_mode"] = mode
        results[mode] = rollout(envs)
    envs.close()
    return results


@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_every_step_says_whether_each_environment_would_be_a_success(reference, mode):
    results = rollout_of(many(autoreset_mode=mode))
    assert_same(results, reference[mode])
    steps = [result for result in results if len(result) == 5]
    successes = np.array([infos["is_success"] for *_, infos in steps])
    assert 0.2 < successes.mean() < 0.8
    leaning = np.array([observations[:, 2] > 0.0 for observations, *_ in steps])
    begun = np.array([~successes[step] & leaning[step] for step in range(len(steps))])
    assert np.array_equal(successes | begun, leaning), "only a reset is no success where the pole leans"
    assert all(infos["_is_success"].all() for *_, infos in steps)


def test_the_last_info_of_an_episode_says_whether_it_was_one(reference):
    steps = [result for result in reference[AutoresetMode.SAME_STEP] if len(result) == 5]
    last = [
        (infos["final_obs"][row][2] > 0.0, infos["final_info"]["is_success"][row], infos["is_success"][row])
        for *_, terminations, truncations, infos in steps
        for row in (terminations | truncations).nonzero()[0]
    ]
    assert len({leaning for leaning, _, _ in last}) == 2
    assert all(leaning == success and not begun for leaning, success, begun in last)


def test_stable_baselines_is_told_and_logs_the_rate():
    with closing(StableBaselinesVecEnv(many(autoreset_mode="SameStep"))) as envs:
        envs.seed(SEED)
        envs.reset()
        successes = []
        for actions in ACTIONS:
            observations, _, dones, infos = envs.step(actions)
            for observation, over, info in zip(observations, dones, infos, strict=True):
                last = info["terminal_observation"] if over else observation
                assert info["is_success"] is bool(last[2] > 0.0)
                successes.append(info["is_success"])
        assert 0.2 < np.mean(successes) < 0.8
        model = PPO("MlpPolicy", envs, n_steps=2 * LIMIT, batch_size=4 * LIMIT, n_epochs=1, device="cpu").learn(1)
    assert set(model.ep_success_buffer) == {False, True}
