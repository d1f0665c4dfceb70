"""The Gymnasium environments of twins keep Gymnasium's promises, and one is like many."""

from __future__ import annotations

import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from stable_baselines3.common.env_checker import check_env as check_env_for_sb3
from suite import WITH_TWINS

from blendgym.envs.cartpole.task import Cartpole
from blendgym.errors import InvalidAction, InvalidOption, InvalidParameter, ResetNeeded, UnknownArgument
from blendgym.parameters.selection import select
from blendgym.parameters.sources import Prior
from blendgym.vector.infos import info_of

ARGUMENTS = [(room.twin_id, {}) for room in WITH_TWINS]
ARGUMENTS.append(("BlendCartpoleTwin-v0", {"action_type": "discrete"}))
CARTPOLE = "BlendCartpoleTwin-v0"
COUNT, LIMIT = 3, 12
RANDOMIZED = {"randomize": ["dynamics", "sensor", "actuator"]}
ARGUMENTS += [(CARTPOLE, {**RANDOMIZED, "expose": expose}) for expose in ("hidden", "observation", "critic")]
SENSED = {"action.latency": 2, "observation.latency": 1, "observation.noise": 0.05}
PUSH = np.ones(1, np.float32)


@pytest.mark.parametrize(("env_id", "options"), ARGUMENTS)
def test_the_checkers_have_nothing_to_say(env_id, options):
    env = gym.make(env_id, **options).unwrapped
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*Box observation space (min|max)imum value is.*infinity.*")
        check_env(env)
    check_env_for_sb3(env)


@pytest.mark.parametrize("room", WITH_TWINS, ids=lambda room: room.id)
def test_spaces_and_limits_are_those_of_the_environment_in_blender(room):
    twin, blender = gym.make(room.twin_id), gym.make(room.id)
    assert twin.action_space == blender.action_space
    assert twin.observation_space == blender.observation_space
    assert twin.metadata["render_fps"] == blender.metadata["render_fps"]
    assert twin.spec.max_episode_steps == blender.spec.max_episode_steps
    assert twin.spec.reward_threshold == blender.spec.reward_threshold
    assert gym.envs.registration.EnvSpec.from_json(twin.spec.to_json()).kwargs == twin.spec.kwargs


@pytest.mark.parametrize("mode", AutoresetMode)
@pytest.mark.parametrize(("env_id", "options"), ARGUMENTS)
def test_many_environments_do_what_single_ones_do(env_id, options, mode):
    arguments = {**options, "max_episode_steps": LIMIT}
    many = gym.make_vec(env_id, num_envs=COUNT, autoreset_mode=mode, **arguments)
    single = SyncVectorEnv([lambda: gym.make(env_id, **arguments)] * COUNT, autoreset_mode=mode)
    np.testing.assert_equal(plain(rollout(many)), plain(rollout(single)))


def plain(results):
    """Results without arrays of arrays, which NumPy cannot compare."""
    if isinstance(results, dict):
        return {name: plain(value) for name, value in results.items()}
    if isinstance(results, list | tuple):
        return [plain(each) for each in results]
    return list(results) if isinstance(results, np.ndarray) and results.dtype == object else results


def rollout(envs):
    envs.action_space.seed(0)
    results = [envs.reset(seed=7, options={"params": SENSED})]
    for _ in range(2 * LIMIT + 5):
        results.append(envs.step(envs.action_space.sample()))
        over = results[-1][2] | results[-1][3]
        if envs.metadata["autoreset_mode"] is AutoresetMode.DISABLED and over.any():
            results.append(envs.reset(options={"reset_mask": over}))
    envs.close()
    return results


def test_each_environment_can_have_a_seed_and_parameters_of_its_own():
    envs = gym.make_vec(CARTPOLE, num_envs=3)
    observations, infos = envs.reset(seed=[7, 7, 8], options={"params": [{"gravity": 3.0}, {}, {"cart.mass": 2.0}]})
    np.testing.assert_array_equal(observations[0], observations[1])
    assert not np.array_equal(observations[0], observations[2])
    np.testing.assert_array_equal(infos["params"]["gravity"], [3.0, 9.81, 9.81])
    np.testing.assert_array_equal(infos["params"]["cart.mass"], [1.0, 1.0, 2.0])
    assert envs.np_random_seed == (7, 7, 8)


def test_parameters_hold_for_one_episode_and_are_in_its_info():
    env = gym.make(CARTPOLE)
    first, info = env.reset(seed=1, options={"params": {"start.spread": 0.0, "observation.latency": 2}})
    assert not first.any()
    assert info["params"]["observation.latency"] == 2.0
    assert [bool(env.step(PUSH)[0].any()) for _ in range(3)] == [False, False, True]
    second, info = env.reset()
    assert second.any()
    assert info["params"] == {name: each.nominal for name, each in env.unwrapped.task.parameters.items()}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"params": {"cart.mas": 1.0}}, InvalidParameter, "Did you mean 'cart.mass'"),
        ({"params": {"cart.mass": float("nan")}}, InvalidParameter, "is nan"),
        ({"parms": {}}, InvalidOption, "knows the options 'params', 'replay', got 'parms'"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, error, message):
    for env in (gym.make(CARTPOLE), gym.make_vec(CARTPOLE, num_envs=2)):
        with pytest.raises(error, match=message):
            env.reset(options=options)


def test_actions_that_are_out_of_bounds_are_refused_and_nothing_moves():
    env = gym.make(CARTPOLE)
    env.reset(seed=0)
    undisturbed = env.step(PUSH)[0]
    env.reset(seed=0)
    with pytest.raises(InvalidAction, match="is 2"):
        env.step(2 * PUSH)
    np.testing.assert_array_equal(env.step(PUSH)[0], undisturbed)
    envs = gym.make_vec(CARTPOLE, num_envs=2)
    envs.reset()
    with pytest.raises(InvalidAction, match="Action 1 of 2"):
        envs.step(np.array([[0.0], [np.nan]], np.float32))


def test_a_step_before_the_first_reset_and_after_the_end_is_refused():
    env = gym.make(CARTPOLE).unwrapped
    with pytest.raises(ResetNeeded, match="before the first reset"):
        env.step(PUSH)
    env.reset(seed=0)
    while not env.step(PUSH)[2]:
        pass
    with pytest.raises(ResetNeeded, match="after the end of an episode"):
        env.step(PUSH)
    envs = gym.make_vec(CARTPOLE, num_envs=2, autoreset_mode="Disabled", max_episode_steps=1)
    with pytest.raises(ResetNeeded, match="before the first reset"):
        envs.step(np.zeros((2, 1), np.float32))
    envs.reset(seed=0)
    envs.step(np.zeros((2, 1), np.float32))
    with pytest.raises(ResetNeeded, match=r"environments \[0, 1\]"):
        envs.step(np.zeros((2, 1), np.float32))


@pytest.mark.parametrize("arguments", [{"num_envs": 0}, {"num_envs": 2, "autoreset_mode": "sometimes"}])
def test_arguments_that_make_no_sense_are_refused(arguments):
    with pytest.raises(InvalidOption, match="expected"):
        gym.make_vec(CARTPOLE, **arguments)


def test_parameters_are_drawn_as_those_of_the_environment_in_blender():
    arguments = {"num_envs": 2, **RANDOMIZED}
    twins, blender = gym.make_vec(CARTPOLE, **arguments), gym.make_vec("BlendCartpole-v0", **arguments)
    for seed in (3, None):
        (_, of_twins), (_, of_blender) = twins.reset(seed=seed), blender.reset(seed=seed)
        np.testing.assert_equal(of_twins["randomization"], of_blender["randomization"])
        for name, values in of_blender["params"].items():
            np.testing.assert_allclose(of_twins["params"][name], values, rtol=1e-3, atol=1e-6, err_msg=name)
    blender.close()


def test_observations_of_many_twins_are_the_callers():
    envs = gym.make_vec(CARTPOLE, num_envs=2, **RANDOMIZED, expose="observation")
    first, _ = envs.reset(seed=3)
    kept = {name: part.copy() for name, part in first.items()}
    for part in first.values():
        part[:] = 0.5
    after, _ = envs.reset(options={"reset_mask": np.array([True, False])})
    for name, part in after.items():
        np.testing.assert_array_equal(part[1], kept[name][1])
        assert not np.array_equal(part[0], kept[name][0])


def test_without_a_time_limit_no_twin_is_truncated():
    envs = gym.make_vec(CARTPOLE, num_envs=2, max_episode_steps=-1)
    envs.reset(seed=3)
    assert not np.any([envs.step(np.zeros((2, 1), np.float32))[3] for _ in range(20)])


def test_an_episode_of_a_twin_is_played_again():
    env = gym.make(CARTPOLE, **RANDOMIZED)
    first, info = env.reset(seed=3)
    then = [env.step(PUSH)[0] for _ in range(5)]
    env.reset()
    np.testing.assert_array_equal(env.reset(options={"replay": info["randomization"]})[0], first)
    np.testing.assert_array_equal([env.step(PUSH)[0] for _ in range(5)], then)


def test_a_record_among_many_forgets_what_was_pinned_in_the_episode_before():
    envs = gym.make_vec(CARTPOLE, num_envs=2, randomize=["cart.mass"])
    envs.reset(seed=1, options={"params": {"pole.length": 1.7}})
    envs.reset(options={"reset_mask": np.array([True, False])})
    *_, infos = envs.step(envs.action_space.sample())
    again, before = (info_of(infos, row)["randomization"]["params"] for row in range(2))
    assert set(again) == {"cart.mass"}
    assert set(before) == {"cart.mass", "pole.length"}


@pytest.mark.parametrize("others", [[], ["cart.mass", "gravity"]])
def test_environments_among_many_take_to_a_source_of_other_parameters_one_by_one(others):
    envs = gym.make_vec(CARTPOLE, num_envs=2, randomize=["cart.mass"])
    envs.reset(seed=1)
    envs.set_source(Prior(select(Cartpole.parameters, others)))
    for row in range(2):
        envs.reset(options={"reset_mask": np.arange(2) == row})
        *_, infos = envs.step(envs.action_space.sample())
        told = info_of(infos, row)
        assert set(told["randomization"]["params"] if "randomization" in told else {}) == set(others)


def test_a_twin_does_not_change_within_an_episode():
    with pytest.raises(InvalidParameter, match="force.scale cannot have the phase"):
        gym.make(CARTPOLE, randomize={"force.scale": {"phase": "interval", "interval": 1.0}})
    env = gym.make(CARTPOLE)
    record = env.reset()[1]["randomization"]
    record["intervals"] = [{"name": "force.scale", "steps": 50, "low": 2.0, "high": 8.0}]
    with pytest.raises(InvalidParameter, match="force.scale cannot have the phase"):
        env.reset(options={"replay": record})


@pytest.mark.parametrize("option", [{"execute": "ray"}, {"obs_type": "rgb"}, {"max_restarts": 2}])
def test_what_is_for_blender_is_refused_by_name(option):
    (name,) = option
    with pytest.raises(UnknownArgument, match=f"^{name}: .* a twin is simulated in this process"):
        gym.make("BlendCartpoleTwin-v0", **option)
    with pytest.raises(UnknownArgument, match=f"^{name}: .* a twin is simulated in this process"):
        gym.make_vec("BlendCartpoleTwin-v0", num_envs=2, **option)
