"""However the trainer of many environments ends, at whatever moment, all its servers end with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import gymnasium as gym
import psutil
import pytest
from gymnasium.vector import AsyncVectorEnv

DEADLY = (signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.long), signal.SIGINT)
SERVERS = 2
SECONDS = 30.0

TRAINER = """
import gymnasium as gym, numpy as np, blendgym
envs = gym.make_vec("BlendCartpole-v0", num_envs=4, num_servers=2, vectorization_mode="vector_entry_point")
print("made", flush=True)
envs.reset(seed=0)
print("stepping", flush=True)
while True:
    envs.step(np.zeros((4, 1), np.float32))
"""


@pytest.fixture
def trainer():
    started = subprocess.Popen(
        [sys.executable, "-c", TRAINER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    yield started
    started.kill()
    started.wait()
    started.stdout.close()


def wait_for_line(trainer, line):
    while (said := trainer.stdout.readline().strip()) != line:
        assert said, "the trainer has ended by itself"


def wait_for_servers(trainer):
    limit = time.monotonic() + 60
    while len(servers := psutil.Process(trainer.pid).children()) < SERVERS:
        assert time.monotonic() < limit, "the trainer launches nothing"
        time.sleep(0.002)
    return servers


def assert_gone(servers):
    _, alive = psutil.wait_procs(servers, timeout=SECONDS)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


def test_no_server_outlives_the_worker_of_a_vector_that_is_terminated():
    envs = AsyncVectorEnv([lambda: gym.make("BlendCartpole-v0")] * 2)
    envs.reset()
    servers = [server for worker in psutil.Process().children() for server in worker.children()]
    assert len(servers) == 2
    envs.close(terminate=True)
    assert_gone(servers)


@pytest.mark.parametrize("deadly", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_server_outlives_a_trainer_that_ends_between_or_in_steps(trainer, deadly):
    wait_for_line(trainer, "stepping")
    servers = wait_for_servers(trainer)
    trainer.send_signal(deadly)
    trainer.wait(60)
    assert_gone(servers)


@pytest.mark.parametrize("deadly", DEADLY)
def test_no_server_outlives_a_trainer_that_ends_while_one_of_them_does_not_answer(trainer, deadly):
    wait_for_line(trainer, "stepping")
    servers = wait_for_servers(trainer)
    os.kill(servers[1].pid, signal.SIGSTOP)
    time.sleep(0.1)  # By now the trainer waits for it.
    trainer.send_signal(deadly)
    trainer.wait(60)
    assert_gone(servers)


@pytest.mark.parametrize("deadly", DEADLY)
@pytest.mark.parametrize("after", [pytest.param(0.0, marks=pytest.mark.long), 0.3])
def test_no_server_outlives_a_trainer_that_ends_while_it_launches_them(trainer, deadly, after):
    wait_for_line(trainer, "made")
    servers = wait_for_servers(trainer)
    time.sleep(after)
    trainer.send_signal(deadly)
    trainer.wait(60)
    assert_gone(servers)
