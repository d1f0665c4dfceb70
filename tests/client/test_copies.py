"""Copies of environments go on as the original does, or are refused with what to do."""

from __future__ import annotations

import copy
import pickle

import gymnasium as gym
import numpy as np
import pytest

from blendgym.errors import EnvironmentClosed, NotCopyable, ResetNeeded
from blendgym.registry import rooms

WAYS = {"deepcopy": copy.deepcopy, "pickle": lambda env: pickle.loads(pickle.dumps(env))}  # noqa: S301 (its own)
TWINS = [room.twin_id for room in rooms().values() if room.twin]


@pytest.fixture(params=WAYS)
def copied(request):
    return WAYS[request.param]


def actions(env, count):
    env.action_space.seed(5)
    return [env.action_space.sample() for _ in range(count)]


def played(env, taken):
    return [env.step(action)[:2] for action in taken]


def assert_same(one, other):
    for (seen, reward), (also_seen, also_reward) in zip(one, other, strict=True):
        np.testing.assert_array_equal(seen, also_seen)
        assert np.array_equal(reward, also_reward)


@pytest.mark.parametrize("env_id", TWINS)
def test_a_twin_goes_on_in_its_copy_as_in_itself(env_id, copied):
    env = gym.make(env_id, randomize="all")
    env.reset(seed=3)
    played(env, actions(env, 5))
    twin = copied(env)
    rest = actions(env, 8)
    assert_same(played(twin, rest), played(env, rest))
    np.testing.assert_array_equal(twin.reset()[0], env.reset()[0])


@pytest.mark.parametrize("env_id", TWINS)
def test_many_twins_go_on_in_their_copy_as_in_themselves(env_id, copied):
    envs = gym.make_vec(env_id, 3, vectorization_mode="vector_entry_point", randomize="dynamics")
    envs.reset(seed=3)
    played(envs, actions(envs, 5))
    twins = copied(envs)
    rest = actions(envs, 8)
    assert_same(played(twins, rest), played(envs, rest))


def test_a_teaching_goes_on_in_its_copy_as_in_itself(copied):
    env = gym.make("BlendAdaptiveDR-v0", student="field", steps_per_action=1600, actions_per_episode=20)
    env.reset(seed=3)
    first, *rest = actions(env, 4)
    env.step(first)
    other = copied(env)
    assert_same(played(other, rest), played(env, rest))


def test_an_environment_in_blender_goes_on_in_its_copy_as_in_itself(copied):
    env = gym.make("BlendCartpole-v0", randomize="dynamics")
    env.reset(seed=3)
    played(env, actions(env, 5))
    other = copied(env)
    try:
        assert other.unwrapped.server_pid is None
        assert other.unwrapped.randomization["seed"] == env.unwrapped.randomization["seed"]
        rest = actions(env, 5)
        assert_same(played(other, rest), played(env, rest))
        np.testing.assert_array_equal(other.reset()[0], env.reset()[0])
        assert other.unwrapped.server_pid != env.unwrapped.server_pid
    finally:
        env.close()
        other.close()


def test_a_copy_of_what_has_not_begun_has_not_begun(copied, make_env):
    env = make_env()
    with pytest.raises(ResetNeeded):
        copied(env).step(np.zeros(1, np.float32))
    env.close()
    with pytest.raises(EnvironmentClosed):
        env.step(np.zeros(1, np.float32))
    other = copied(env)
    other.reset(seed=1)
    other.close()


def test_many_environments_in_blender_say_what_to_do_instead(copied):
    envs = gym.make_vec("BlendCartpole-v0", 2, vectorization_mode="vector_entry_point")
    with pytest.raises(NotCopyable, match=r"others.restore\(envs.states\(\)\)") as caught:
        copied(envs)
    assert isinstance(caught.value, TypeError)
    envs.close()
