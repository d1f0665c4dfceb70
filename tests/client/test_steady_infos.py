"""Infos that recorders put into arrays: one structure over an episode, and nothing that is no number."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

from blendgym.wrappers import SteadyInfos


def structure(info):
    return {name: structure(each) for name, each in info.items()} if isinstance(info, dict) else type(info)


@pytest.mark.parametrize("env_id", ["BlendCartpoleTwin-v0", "BlendCartpole-v0"])
@pytest.mark.parametrize("randomize", [None, "dynamics"], ids=["nominal", "randomized"])
def test_infos_of_steps_have_what_that_of_the_reset_has(env_id, randomize):
    env = SteadyInfos(gym.make(env_id, randomize=randomize))
    _, first = env.reset(seed=0)
    infos = [env.step(env.action_space.sample())[4] for _ in range(3)]
    env.close()
    assert first["params"]
    assert [structure(info) for info in infos] == [structure(first)] * 3
    assert infos[-1]["params"] == first["params"]
    assert env.spec.additional_wrappers[-1].name == "SteadyInfos"


@pytest.mark.parametrize("vectorization_mode", ["sync", "vector_entry_point"])
def test_a_batch_of_infos_is_made_of_numbers(vectorization_mode):
    envs = gym.make_vec("BlendCartpoleTwin-v0", 2, vectorization_mode=vectorization_mode, randomize="dynamics")
    _, infos = envs.reset(seed=0)
    assert not [name for name, each in leaves(infos) if each.dtype == object]


def test_an_episode_is_played_again_by_a_record_that_names_no_intervals():
    env = gym.make("BlendCartpoleTwin-v0", randomize="dynamics")
    first, info = env.reset(seed=0)
    assert "intervals" not in info["randomization"]
    np.testing.assert_array_equal(env.reset(options={"replay": info["randomization"]})[0], first)


def leaves(infos):
    for name, each in infos.items():
        yield from leaves(each) if isinstance(each, dict) else [(name, each)]
