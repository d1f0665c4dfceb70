"""Calls of many environments: what is refused, what order they come in, and what is left after the last."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import psutil
import pytest
from gymnasium.vector import SyncVectorEnv
from vectors import COUNT, ENV_ID, LIMIT, make_vec, single

from blendgym.errors import (
    CallOutOfOrder,
    ConnectionPoisoned,
    EnvironmentClosed,
    InvalidAction,
    InvalidOption,
    ResetNeeded,
)

PUSH = np.ones(COUNT, np.int64)


@pytest.fixture(scope="module")
def envs():
    made = make_vec(num_servers=2)
    yield made
    made.close()


@pytest.mark.parametrize(
    "arguments",
    [
        {"action_type": "discrete"},
        {"action_type": "continuous", "randomize": "dynamics", "expose": "critic"},
        {"obs_type": "state_rgb_depth", "width": 24, "height": 16, "render_mode": "rgb_array"},
    ],
    ids=["discrete", "critic", "images"],
)
def test_the_spaces_are_those_of_single_environments_and_known_before_anything_is_launched(arguments):
    before = len(psutil.Process().children())
    theirs = SyncVectorEnv([lambda: single(**arguments)] * 16, autoreset_mode="SameStep")
    ours = make_vec(16, num_servers=4, autoreset_mode="SameStep", **arguments)
    for name in (
        "single_action_space", "action_space", "single_observation_space", "observation_space", "metadata",
        "render_mode", "num_envs",
    ):  # fmt: skip
        assert getattr(ours, name) == getattr(theirs, name)
    assert len(psutil.Process().children()) == before
    for envs in (theirs, ours):
        envs.close()


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (np.zeros(3, np.int64), "shape \\(3,\\); expected int64 and \\(4,\\)"),
        (np.zeros(4, np.float32), "dtype float32"),
        (np.array([0, 1, 2, 0]), "Action 2 of 4 is 2"),
        (np.array([0, 1, -1, 0]), "Action 2 of 4 is -1"),
        (1, "shape \\(\\)"),
        (None, "dtype object"),
    ],
)
def test_actions_that_do_not_fit_are_refused_and_nothing_moves(envs, actions, message):
    envs.reset(seed=0)
    undisturbed = envs.step(PUSH)[0]
    envs.reset(seed=0)
    with pytest.raises(InvalidAction, match=message):
        envs.step(actions)
    np.testing.assert_array_equal(envs.step(PUSH)[0], undisturbed)


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (np.array([[0.0], [1.5]], np.float32), r"Action 1 of 2 element \[0\] is 1.5"),
        (np.array([[0.0], [np.nan]], np.float32), r"Action 1 of 2 element \[0\] is nan"),
        (np.zeros((2, 1), np.bool_), "dtype bool"),
        (np.zeros(2, np.float32), r"shape \(2,\); expected float32 and \(2, 1\)"),
    ],
)
def test_continuous_actions_that_do_not_fit_are_refused_and_nothing_moves(continuous, actions, message):
    still = np.zeros((2, 1), np.float32)
    continuous.reset(seed=0)
    undisturbed = continuous.step(still)[0]
    continuous.reset(seed=0)
    with pytest.raises(InvalidAction, match=message):
        continuous.step(actions)
    np.testing.assert_array_equal(continuous.step(still)[0], undisturbed)


@pytest.fixture(scope="module")
def continuous():
    made = gym.make_vec(ENV_ID, num_envs=2)
    yield made
    made.close()


def test_a_step_before_the_first_reset_and_after_the_end_is_refused():
    made = make_vec(2, autoreset_mode="Disabled")
    with pytest.raises(ResetNeeded, match="before the first reset"):
        made.step(np.ones(2, np.int64))
    made.reset(seed=0)
    for _ in range(LIMIT):
        _, _, terminations, truncations, _ = made.step(np.ones(2, np.int64))
        if (terminations | truncations).any():
            break
    with pytest.raises(ResetNeeded, match="reset_mask"):
        made.step(np.ones(2, np.int64))
    made.close()


def test_steps_are_asked_for_and_waited_for_in_turns(envs):
    envs.reset(seed=0)
    undisturbed = [envs.step(PUSH)[0] for _ in range(2)]
    envs.reset(seed=0)
    with pytest.raises(CallOutOfOrder, match="call step_async"):
        envs.step_wait()
    envs.step_async(PUSH)
    for ask in (envs.step_async, envs.step):
        with pytest.raises(CallOutOfOrder, match="call step_wait"):
            ask(PUSH)
    with pytest.raises(ConnectionPoisoned, match="still without its reply"):
        envs.slots[0].capture()
    np.testing.assert_array_equal(envs.step_wait()[0], undisturbed[0])
    np.testing.assert_array_equal(envs.step(PUSH)[0], undisturbed[1])


def test_a_reset_may_come_before_a_step_was_waited_for_and_needs_no_other_server(envs):
    expected = [envs.reset(seed=8)[0], envs.step(PUSH)[0]]
    servers = [slot.server_pid for slot in envs.slots]
    for _ in range(10):
        envs.step_async(PUSH)
        seen = envs.reset(seed=8)[0]
    np.testing.assert_array_equal([seen, envs.step(PUSH)[0]], expected)
    assert [slot.server_pid for slot in envs.slots] == servers


def test_a_reset_of_some_before_a_step_was_waited_for_lets_all_begin_again(envs):
    envs.reset(seed=8)
    envs.step_async(PUSH)
    envs.reset(options={"reset_mask": np.arange(COUNT) == 1})
    _, rewards, _, _, infos = envs.step(PUSH)
    assert rewards.tolist() == [0.0, 1.0, 0.0, 0.0]
    assert infos["_params"].tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_envs": 0}, "num_envs is 0; expected a positive integer"),
        ({"num_servers": 5}, "num_servers is 5; expected 1 to the number of environments, 4"),
        ({"num_servers": 0}, "num_servers is 0; expected a positive integer"),
        ({"num_servers": 1.5}, "num_servers is 1.5; expected a positive integer"),
        ({"max_episode_steps": 0}, "max_episode_steps is 0; expected a positive integer"),
        ({"autoreset_mode": "sometimes"}, "autoreset_mode is 'sometimes'"),
        ({"on_error": "ignore"}, "on_error is 'ignore'"),
        ({"max_rss": 0}, "max_rss is 0; expected a positive integer"),
        ({"render_mode": "human"}, "render_mode is 'human'; expected one of None, 'rgb_array'"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments, message):
    with pytest.raises(InvalidOption, match=message):
        make_vec(**arguments)


@pytest.mark.parametrize("is_pending", [False, True])
def test_closing_ends_every_server_and_nothing_is_launched_for_those_who_ask_afterwards(is_pending):
    made = make_vec(4, num_servers=2, render_mode="rgb_array")
    made.reset()
    if is_pending:
        made.step_async(PUSH)
    servers = {slot.server_pid for slot in made.slots}
    assert len(servers) == 2
    made.close()
    made.close()
    assert not any(map(psutil.pid_exists, servers))
    others = psutil.Process().children()
    slot = made.slots[0]
    for ask in (made.reset, lambda: made.step(PUSH), made.step_wait, made.render, slot.capture, lambda: slot.welcome):
        with pytest.raises(EnvironmentClosed):
            ask()
    assert psutil.Process().children() == others
