"""Cells of notebooks are run again: what a name stood for before leaves nothing behind."""

from __future__ import annotations

import gc

import gymnasium as gym
import psutil
import pytest

import blendgym


@pytest.fixture
def no_collection():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def pid_of(env):
    inner = env.unwrapped
    return inner.server_pid if isinstance(inner, gym.Env) else inner.slots[0].server_pid


MAKERS = {
    "one": lambda: gym.make("BlendCartpole-v0", randomize="dynamics"),
    "many": lambda: gym.make_vec("BlendCartpole-v0", 2, vectorization_mode="vector_entry_point", randomize="dynamics"),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_an_environment_whose_name_is_taken_by_another_ends_its_blender_at_once(no_collection, make):
    env = make()
    env.reset(seed=1)
    env.step(env.action_space.sample())
    server = psutil.Process(pid_of(env))
    env = None
    assert psutil.wait_procs([server], timeout=20)[0]


def test_all_environments_are_closed_at_once():
    blendgym.close_all()
    envs = [make() for make in MAKERS.values()]
    for env in envs:
        env.reset(seed=1)
    servers = [psutil.Process(pid_of(env)) for env in envs]
    assert blendgym.close_all() == 2
    assert not psutil.wait_procs(servers, timeout=20)[1]
    assert blendgym.close_all() == 0
