"""``make_vec_env`` is stable-baselines3's, with a few servers in place of many."""

from __future__ import annotations

import inspect

import gymnasium as gym
import numpy as np
import pytest
from stable_baselines3.common.env_util import make_vec_env as theirs_of
from stable_baselines3.common.monitor import load_results
from stable_baselines3.common.vec_env import DummyVecEnv
from vectors import assert_same

from blendgym.agents import make_vec_env
from blendgym.agents.adaptive import AdaptiveVecEnv
from blendgym.errors import InvalidOption

TWIN = "BlendCartpoleTwin-v0"
DISCRETE = "BlendCartpoleDiscreteTwin-v0"
MANY = 60


def rollout(envs):
    """What is seen of two environments over several episodes, but for what monitors add."""
    seen = [envs.reset(), list(envs.reset_infos)]
    actions = np.random.default_rng(0).integers(2, size=(MANY, 2))
    for each in (
        actions if isinstance(envs.action_space, gym.spaces.Discrete) else np.float32(2 * actions[..., None] - 1)
    ):
        observations, rewards, dones, infos = envs.step(each)
        for info in infos:
            info.pop("episode", None)
        seen.append((observations, rewards, dones, infos, list(envs.reset_infos)))
    return seen


def test_its_parameters_are_called_and_ordered_as_stable_baselines_has_them():
    ours, theirs = (list(inspect.signature(each).parameters) for each in (make_vec_env, theirs_of))
    assert ours[: len(theirs)] == theirs
    assert inspect.signature(make_vec_env).parameters["start_index"].kind is inspect.Parameter.KEYWORD_ONLY


@pytest.mark.parametrize("env_id", [TWIN, DISCRETE])
def test_it_makes_the_environments_that_stable_baselines_makes(env_id):
    arguments = {"randomize": "dynamics", "render_mode": None}
    ours, theirs = (make(env_id, 2, 7, env_kwargs=arguments) for make in (make_vec_env, theirs_of))
    assert_same(rollout(ours), rollout(theirs))
    assert ours.get_attr("spec") == [gym.make(env_id, **arguments).spec] * 2
    assert ours.get_attr("metadata") == theirs.get_attr("metadata")
    assert [type(each.task) for each in ours.get_attr("unwrapped")] == [type(theirs.get_attr("task")[0])] * 2
    assert ours.env_method("get_wrapper_attr", "render_mode") == [None, None]
    assert ours.env_method("has_wrapper_attr", "mass") == [False, False]
    ours.env_method("set_wrapper_attr", "mass", 3, indices=1)
    assert ours.get_attr("mass", 1) == [3]


def test_a_wrapper_is_put_around_each_environment():
    made = make_vec_env(
        TWIN, 2, 0, wrapper_class=gym.wrappers.FrameStackObservation,
        wrapper_kwargs={"stack_size": 3}, randomize="adaptive",
    )  # fmt: skip
    assert isinstance(made, AdaptiveVecEnv)
    assert made.reset().shape == (2, 3, 4)
    assert made.env_is_wrapped(gym.wrappers.FrameStackObservation) == [True, True]
    assert not made.env_is_wrapped(gym.wrappers.FlattenObservation)[0]
    assert isinstance(make_vec_env(TWIN, 2, vec_env_cls=DummyVecEnv), DummyVecEnv)


@pytest.mark.parametrize("wrapper_class", [None, gym.wrappers.FlattenObservation], ids=["together", "one by one"])
def test_what_monitors_wrote_is_read_by_stable_baselines(tmp_path, wrapper_class):
    made = make_vec_env(
        TWIN, 2, 0, start_index=3, monitor_dir=tmp_path / "new", wrapper_class=wrapper_class,
        monitor_kwargs={"info_keywords": ("is_success",)},
    )  # fmt: skip
    made.reset()
    ended = sum(made.step(np.ones((2, 1), np.float32))[2].sum() for _ in range(MANY))
    made.close()
    assert (tmp_path / "new/3.monitor.csv").exists()
    results = load_results(str(tmp_path / "new"))
    assert len(results) == ended > 2
    assert results["l"].to_list() == results["r"].to_list()
    assert not results["is_success"].any()


def test_it_teaches_in_the_meta_environment():
    made = make_vec_env("BlendAdaptiveDR-v0", 2, 0, student="field", steps_per_action=800, actions_per_episode=2)
    observations = made.reset()
    assert len(made.reset_infos) == len(observations) == 2
    _, rewards, _, _ = made.step(np.stack([made.action_space.sample() for _ in range(2)]))
    assert np.isfinite(rewards).all()
    made.close()


@pytest.mark.parametrize(
    ("env_id", "arguments", "message"),
    [
        (TWIN, {}, "these have no servers"),
        ("BlendCartpole-v0", {"wrapper_class": gym.wrappers.FlattenObservation}, "has its own"),
        ("BlendCartpole-v0", {"vec_env_cls": DummyVecEnv}, "has its own"),
    ],
)
def test_environments_that_share_no_servers_have_no_number_of_these(env_id, arguments, message):
    with pytest.raises(InvalidOption, match=message):
        make_vec_env(env_id, 2, num_servers=1, **arguments)


def test_an_environment_that_is_registered_nowhere_is_named():
    with pytest.raises(InvalidOption, match="There is no environment 'BlendCartpool-v0'"):
        make_vec_env("BlendCartpool-v0", randomize="adaptive")
