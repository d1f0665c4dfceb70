"""Ctrl-C and Ctrl-Z at any moment: no process is left, no step passes unseen, and no patience is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest
from places import CARTPOLE

from blendgym.errors import ConnectionPoisoned, ResetNeeded
from blendgym.vector.vector_env import BlendVectorEnv

STILL = np.zeros(1, np.float32)
AFTER_SECONDS = 0.2
STEPPING = f"""
from blendgym.client.env import BlendEnv
env = BlendEnv({CARTPOLE!r}, deadlines={{"step": 3.0}})
env.reset()
print(env.server_pid, flush=True)
while True:
    if env.step(env.action_space.sample())[2]:
        env.reset()
        print("episode", flush=True)
"""


@contextlib.contextmanager
def interrupted():
    """Expects that Ctrl-C ends what is done here."""
    timer = threading.Timer(AFTER_SECONDS, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        yield caught
    timer.join()


@contextlib.contextmanager
def stopped(pid):
    """Stops a server for a while."""
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module", params=["raise", "truncate"])
def envs(request):
    """Two environments that go on after each interruption."""
    made = BlendVectorEnv(CARTPOLE, 2, num_servers=2, on_error=request.param)
    yield made
    made.close()


def test_a_step_that_was_interrupted_is_followed_by_a_reset_alone(make_env):
    env = make_env()
    env.reset()
    with stopped(env.server_pid), interrupted():
        env.step(STILL)
    with pytest.raises(ConnectionPoisoned):
        env.step(STILL)
    env.reset()
    env.step(STILL)


def test_of_many_environments_none_goes_on_when_a_step_was_interrupted(envs):
    envs.reset(seed=1)
    with stopped(envs.slots[1].server_pid), interrupted():  # By then the other has stepped.
        envs.step(np.zeros((2, 1), np.float32))
    with pytest.raises(ResetNeeded, match=r"after a step\(\) that was interrupted"):
        envs.step(np.zeros((2, 1), np.float32))


def test_of_many_environments_none_goes_on_when_a_reset_was_interrupted(envs):
    first, _ = envs.reset(seed=1)
    with stopped(envs.slots[1].server_pid), interrupted():
        envs.reset(seed=2)
    with pytest.raises(ResetNeeded, match=r"after a reset\(\) that was interrupted"):
        envs.step(np.zeros((2, 1), np.float32))
    np.testing.assert_array_equal(envs.reset(seed=1)[0], first)


def test_an_environment_whose_step_nobody_has_seen_begins_anew_even_if_only_the_other_is_reset(envs):
    envs.reset(seed=1)
    with stopped(envs.slots[1].server_pid), interrupted():
        envs.step(np.zeros((2, 1), np.float32))
    envs.reset(options={"reset_mask": np.array([False, True])})
    _, rewards, *_ = envs.step(np.zeros((2, 1), np.float32))
    assert rewards.tolist() == [0.0, 1.0]


def test_servers_that_an_interruption_has_cost_do_not_count_as_failed():
    envs = BlendVectorEnv(CARTPOLE, 2, num_servers=2, max_restarts=1)
    envs.reset()
    with stopped(envs.slots[0].server_pid), interrupted():  # Nobody takes the reply of the other either.
        envs.step(np.zeros((2, 1), np.float32))
    envs.reset()
    envs.step(np.zeros((2, 1), np.float32))
    envs.close()


def test_a_launch_that_was_interrupted_leaves_no_process(make_env):
    others = servers()
    env = make_env()
    with interrupted():
        env.reset()
    assert servers() == others
    env.reset()


def test_a_close_that_was_interrupted_leaves_no_process(make_env):
    env = make_env()
    env.reset()
    pid = env.server_pid
    os.kill(pid, signal.SIGSTOP)
    with interrupted() as caught:
        env.close()
    assert not psutil.pid_exists(pid)
    del caught  # Which a notebook keeps, with all that it refers to.


def servers():
    return {child.pid for child in psutil.Process().children()}


def test_time_for_which_a_trainer_is_stopped_itself_counts_for_no_deadline():
    command = [sys.executable, "-c", STEPPING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as trainer:
        try:
            server = int(trainer.stdout.readline())
            with stopped(server):
                time.sleep(AFTER_SECONDS)  # It waits for a reply by now.
                with stopped(trainer.pid):
                    time.sleep(4.0)
                time.sleep(AFTER_SECONDS)
            assert trainer.stdout.readline() == "episode\n", trainer.stderr.read()
            assert trainer.stdout.readline() == "episode\n", trainer.stderr.read()
        finally:
            trainer.kill()
