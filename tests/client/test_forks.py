"""Copies of a trainer that hold its environments too, as the workers of a torch ``DataLoader`` do; and threads."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
from episodes import rollout, same
from places import CARTPOLE

from blendgym.client.env import BlendEnv
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import BlendgymError

TRAINER = """
import os, signal, gymnasium as gym, blendgym
env = gym.make("BlendCartpole-v0")
env.reset(seed=0)
worker = os.fork()
if worker:
    print(env.unwrapped.server_pid, worker, flush=True)
signal.pause()
"""


def in_a_copy(call):
    """What a call says in a forked child that then ends without a word to anybody."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            said = str(call())
        except BlendgymError as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def test_no_blender_outlives_its_trainer_while_a_copy_of_the_trainer_lives_on():
    with subprocess.Popen([sys.executable, "-c", TRAINER], stdout=subprocess.PIPE, text=True) as trainer:
        server, worker = map(psutil.Process, map(int, trainer.stdout.readline().split()))
        trainer.send_signal(signal.SIGKILL)
        trainer.wait(60)
        try:
            _, alive = psutil.wait_procs([server], timeout=30)
            assert worker.is_running()
            assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]
        finally:
            worker.kill()


def test_a_copy_that_closes_or_resets_its_environment_does_not_disturb_the_trainer(make_env, cartpole):
    env = make_env()
    expected = rollout(cartpole, seed=3)
    assert in_a_copy(env.close) == "None"
    assert same(rollout(env, seed=3), expected)
    pid = env.server_pid
    assert in_a_copy(lambda: [env.reset(), env.close(), env.server_pid][-1]) == "None"
    assert same(rollout(env, seed=3), expected)
    assert env.server_pid == pid


def test_a_copy_is_another_client_of_a_remote_server(make_env, cartpole):
    served = ServerProcess(CARTPOLE, {}, endpoint="tcp://127.0.0.1:*", idle_timeout=60.0)
    env = make_env(address=served.endpoint, deadlines={"close": 0.5})
    env.reset(seed=3)
    assert in_a_copy(env.reset).startswith("ServerBusy: ")
    assert same(rollout(env, seed=3), rollout(cartpole, seed=3))
    served.stop()


def test_trainers_in_threads_get_the_episodes_that_they_would_get_alone(cartpole):
    def train(seed):
        with contextlib.closing(BlendEnv(CARTPOLE)) as env:
            return rollout(env, seed=seed)

    with ThreadPoolExecutor(3) as threads:
        for seed, seen in enumerate(threads.map(train, range(3))):
            assert same(seen, rollout(cartpole, seed=seed))


def test_an_environment_cannot_be_used_after_a_fork(make_env):
    env = make_env()
    env.reset()
    assert "cannot be used after a fork" in in_a_copy(lambda: env.step(np.zeros(1, np.float32)))
    env.step(np.zeros(1, np.float32))


def test_a_launch_does_not_wait_for_copies_that_another_thread_makes_meanwhile():
    children: list[int] = []
    with ThreadPoolExecutor() as pool:
        launches = [pool.submit(ServerProcess, CARTPOLE, {}) for _ in range(3)]
        try:
            while not all(launch.done() for launch in launches) and len(children) < 200:
                child = os.fork()
                if not child:
                    signal.pause()
                children.append(child)
            servers = [launch.result(timeout=10.0) for launch in launches]
        finally:
            for child in children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
    for server in servers:
        server.stop()
