"""Tools that make environments one by one get them in one Blender."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.monitor import load_results
from stable_baselines3.common.vec_env import DummyVecEnv
from vectors import assert_same

import blendgym  # noqa: F401 (registers the ids)
from blendgym.agents import SlotVecEnv
from blendgym.errors import InvalidOption

TWIN = "BlendCartpoleTwin-v0"


def made(cls, **arguments):
    options = {"env_kwargs": {"randomize": "dynamics"}, **arguments}
    return make_vec_env(gym.spec(TWIN).make, 3, seed=7, vec_env_cls=cls, **options)


def rollout(envs, steps=60):
    seen = [envs.reset()]
    for action in np.random.default_rng(0).uniform(-1.0, 1.0, (steps, 3, 1)).astype(np.float32):
        observations, rewards, dones, infos = envs.step(action)
        lengths = [int(info["episode"]["l"]) if "episode" in info else 0 for info in infos]
        seen.append((observations, rewards, dones, lengths))
    envs.close()
    return seen


def test_episodes_are_those_of_environments_made_one_by_one():
    assert_same(rollout(made(SlotVecEnv)), rollout(made(DummyVecEnv)))


def test_the_episodes_of_all_of_them_are_in_the_monitor_of_the_first(tmp_path):
    seen = rollout(made(SlotVecEnv, monitor_dir=str(tmp_path)))
    ended = sum(dones.sum() for _, _, dones, _ in seen[1:])
    assert len(load_results(str(tmp_path))) == ended > 3


@pytest.mark.parametrize(("arguments", "servers"), [({}, 1), ({"num_servers": 2}, 2)])
def test_those_in_blender_share_as_many_servers_as_is_said(arguments, servers):
    envs = make_vec_env(gym.spec("BlendCartpole-v0").make, 3, vec_env_cls=SlotVecEnv, vec_env_kwargs=arguments)
    envs.reset()
    assert len(set(envs.get_attr("server_pid"))) == servers
    envs.close()


def test_a_wrapper_around_each_is_refused_and_named():
    with pytest.raises(InvalidOption, match="FlattenObservation is around each environment"):
        made(SlotVecEnv, wrapper_class=gym.wrappers.FlattenObservation)


def test_other_environments_are_refused():
    with pytest.raises(InvalidOption, match="Expected functions that make environments of blendgym"):
        make_vec_env("CartPole-v1", 2, vec_env_cls=SlotVecEnv)
