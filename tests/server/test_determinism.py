"""The same seed gives the same episode, bit for bit, wherever it runs; another seed another one."""

from __future__ import annotations

import os
import signal

import numpy as np
from episodes import rollout, same


def test_the_first_second_and_hundredth_reset_give_the_same_episode(cartpole):
    first = rollout(cartpole, seed=3)
    assert same(first, rollout(cartpole, seed=3))
    for other in range(98):
        cartpole.reset(seed=other)
        cartpole.step(np.array([1.0], np.float32))
    assert same(first, rollout(cartpole, seed=3))


def test_two_servers_give_the_same_episode(cartpole, make_env):
    assert same(rollout(cartpole, seed=3), rollout(make_env(), seed=3))


def test_a_restarted_server_gives_the_same_episode(make_env):
    env = make_env()
    first = rollout(env, seed=3)
    os.kill(env.server_pid, signal.SIGKILL)
    assert same(first, rollout(env, seed=3))


def test_unseeded_resets_continue_the_same_stream_over_a_restart(make_env):
    steady, restarted = make_env(), make_env()
    for env in (steady, restarted):
        env.reset(seed=5)
    os.kill(restarted.server_pid, signal.SIGKILL)
    assert same(rollout(steady, seed=None), rollout(restarted, seed=None))


def test_another_seed_gives_another_episode(cartpole):
    assert not same(rollout(cartpole, seed=3), rollout(cartpole, seed=4))


def test_another_action_gives_another_episode(cartpole):
    cartpole.reset(seed=3)
    left = cartpole.step(np.array([-1.0], np.float32))[0]
    cartpole.reset(seed=3)
    right = cartpole.step(np.array([1.0], np.float32))[0]
    assert not np.array_equal(left, right)


def test_parameters_of_one_episode_leave_no_trace_in_the_next(cartpole):
    nominal = rollout(cartpole, seed=3)
    every = {name: parameter.high for name, parameter in cartpole.task.parameters.items()}
    assert not same(nominal, rollout(cartpole, seed=3, parameters=every))
    assert same(nominal, rollout(cartpole, seed=3))


def test_nominal_values_given_by_name_change_nothing(cartpole):
    nominal = {name: parameter.nominal for name, parameter in cartpole.task.parameters.items()}
    assert same(rollout(cartpole, seed=3), rollout(cartpole, seed=3, parameters=nominal))
