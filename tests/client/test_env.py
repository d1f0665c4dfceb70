"""An environment as a user of Gymnasium meets it."""

from __future__ import annotations

import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from stable_baselines3.common.env_checker import check_env as check_env_for_sb3

from blendgym.errors import (
    EnvironmentClosed,
    InvalidAction,
    InvalidOption,
    InvalidParameter,
    ResetNeeded,
)

STILL = np.zeros(1, np.float32)


@pytest.fixture(params=["continuous", pytest.param("discrete", marks=pytest.mark.long)])
def made(request):
    env = gym.make(
        "BlendCartpole-v0", action_type=request.param, render_mode="rgb_array", render_width=64, render_height=48
    )
    yield env
    env.close()


def test_gymnasiums_checker_has_nothing_to_say(made):
    with warnings.catch_warnings():
        # Gymnasium finds unbounded velocities worth a hint, as it does in its own CartPole.
        warnings.filterwarnings("ignore", message=".*Box observation space (min|max)imum value is.*infinity.*")
        check_env(made.unwrapped)


def test_stable_baselines3s_checker_has_nothing_to_say(made):
    check_env_for_sb3(made.unwrapped, skip_render_check=False)


def test_the_spec_survives_json():
    spec = gym.spec("BlendCartpole-v0")
    assert gym.envs.registration.EnvSpec.from_json(spec.to_json()) == spec


def test_it_can_be_made_with_the_module_in_the_id():
    env = gym.make("blendgym:BlendCartpole-v0")
    assert env.spec.max_episode_steps == 500
    env.close()


def test_the_parameters_in_effect_are_read_back(cartpole):
    _, info = cartpole.reset(options={"params": {"cart.mass": 1.7}})
    assert set(info["params"]) == set(cartpole.task.parameters)
    assert info["params"]["cart.mass"] == pytest.approx(1.7)
    assert info["params"]["pole.mass"] == pytest.approx(0.1)


@pytest.mark.parametrize("bound", ["low", "high"])
def test_every_parameter_takes_effect_as_asked_at_its_bounds(cartpole, bound):
    wanted = {name: getattr(parameter, bound) for name, parameter in cartpole.task.parameters.items()}
    _, info = cartpole.reset(options={"params": wanted})
    assert info["params"] == pytest.approx(wanted, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"cart.mas": 1.0}, r"'cart.mas' is unknown.*Did you mean 'cart.mass'"),
        ({"cart.mass": 100.0}, r"'cart.mass' is 100.0; expected a number from 0.25 to 4 kg"),
        ({"cart.mass": float("nan")}, r"'cart.mass' is nan; expected a number from 0.25 to 4 kg"),
        ({"cart.mass": "heavy"}, r"'cart.mass' is 'heavy' \(str\); expected a number"),
        ({"cart.mass": True}, r"'cart.mass' is True \(bool\)"),
        ([1.0], r"given as a dict of names and numbers"),
    ],
)
def test_a_wrong_parameter_is_refused_and_the_episode_goes_on(cartpole, parameters, message):
    cartpole.reset(seed=0)
    with pytest.raises(InvalidParameter, match=message):
        cartpole.reset(options={"params": parameters})
    cartpole.step(STILL)


def test_an_unknown_reset_option_is_refused(cartpole):
    with pytest.raises(InvalidOption, match="'params', 'appearance', 'replay', got 'parms'"):
        cartpole.reset(options={"parms": {}})


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (np.array([np.nan], np.float32), r"element \[0\] is nan, allowed are values from -1 to 1"),
        (np.array([1.5], np.float32), r"element \[0\] is 1.5.*refused, not clipped"),
        (np.array([True]), r"dtype bool, the action space has float32. Convert the dtype"),
        (np.zeros((2, 1), np.float32), r"shape \(2, 1\), the action space has \(1,\)"),
        (0.5, r"shape \(\), the action space has \(1,\)"),
        ("left", r"dtype <U4"),
        (None, r"dtype object"),
    ],
)
def test_a_wrong_action_is_refused_and_nothing_moves(cartpole, make_env, action, message):
    cartpole.reset(seed=2)
    cartpole.step(STILL)
    with pytest.raises(InvalidAction, match=message):
        cartpole.step(action)
    after_the_refusal = cartpole.step(STILL)[0]
    cartpole.reset(seed=2)
    cartpole.step(STILL)
    np.testing.assert_array_equal(after_the_refusal, cartpole.step(STILL)[0])


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (2, "Action is 2, allowed are integers from 0 to 1"),
        (0.0, "dtype float64"),
        (True, "dtype bool"),
        ([1], "shape"),
    ],
)
def test_a_wrong_discrete_action_is_refused(action, message, make_env):
    space = make_env(action_type="discrete").task.action_space
    with pytest.raises(InvalidAction, match=message):
        space.validate(action)


def test_a_step_before_the_first_reset_is_refused(make_env):
    with pytest.raises(ResetNeeded, match="before the first reset"):
        make_env().step(STILL)


def test_a_step_after_the_end_of_an_episode_is_refused_until_the_next_reset(cartpole):
    cartpole.reset(seed=0)
    while not cartpole.step(STILL)[2]:
        pass
    with pytest.raises(ResetNeeded, match="after the end of an episode"):
        cartpole.step(STILL)
    cartpole.reset()
    cartpole.step(STILL)


def test_a_closed_environment_says_so_until_it_is_reset_and_may_be_closed_again(make_env):
    env = make_env()
    first = env.reset(seed=3)[0]
    env.close()
    env.close()
    with pytest.raises(EnvironmentClosed, match=r"closed; call reset\(\) first"):
        env.step(STILL)
    np.testing.assert_array_equal(env.reset(seed=3)[0], first)
    env.step(STILL)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"action_type": "circular"}, "expected one of 'continuous', 'discrete'"),
        ({"render_mode": "ansi"}, "render_mode is 'ansi'"),
        ({"deadlines": {"stpe": 1}}, "'stpe' is unknown; there are start, reset, step"),
        ({"deadlines": {"step": -1}}, "expected a positive number of seconds"),
        ({"colour": "red"}, "does not take the options"),
        ({"obs_typ": "rgb"}, "does not take the options.*Did you mean 'obs_type'?"),
        ({"acton_type": "discrete"}, "does not take the options.*Did you mean 'action_type'?"),
        ({"options": {"action_type": "discrete"}}, "Each argument of a task is given by its name: action_type=…"),
        ({"num_envs": 3}, "num_envs is an argument of gym.make_vec"),
        ({"num_server": 3}, "Did you mean 'num_servers'?"),
        ({"camera_options": 5}, "camera_options is 5; expected a dict"),
        ({"views": ["wrist"]}, "views is .'wrist'.; expected a dict"),
        ({"views": {"wrist": 5}}, r"views\['wrist'\] is 5; expected a dict"),
        ({"deadlines": 5}, "deadlines is 5; expected a dict"),
        ({"address": 5}, "address is 5; expected 'tcp://HOST:PORT', or a list"),
    ],
)
def test_a_wrong_argument_is_refused_before_blender_starts(make_env, arguments, message):
    with pytest.raises(InvalidOption, match=message):
        make_env(**arguments)
