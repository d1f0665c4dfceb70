"""Whatever happens to a server or its trainer: a typed error in time, no orphan, and reset() works again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest
from faulty_tasks import FAULTY
from trainers import TRAINER, assert_gone

from blendgym.client.connection.connection import Connection
from blendgym.client.process import launcher
from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import (
    ConnectionPoisoned,
    ResetNeeded,
    SceneError,
    ServerDied,
    ServerTimeout,
    SimulationDiverged,
    TaskError,
)
from blendgym.wire import messages

STILL = np.zeros(1, np.float32)


def test_a_killed_server_is_noticed_at_once_and_replaced_by_reset(make_env):
    env = make_env(deadlines={"step": 60})
    env.reset(seed=0)
    pid = env.server_pid
    os.kill(pid, signal.SIGKILL)
    start = time.monotonic()
    with pytest.raises(ServerDied, match="killed by SIGKILL.*reset\\(\\) launches a new one"):
        env.step(STILL)
    assert time.monotonic() - start < 30
    env.reset()
    env.step(STILL)
    assert env.server_pid != pid
    assert not psutil.pid_exists(pid)


def test_a_crashed_server_is_reported_with_its_signal_and_log(make_env):
    env = make_env()
    env.reset()
    os.kill(env.server_pid, signal.SIGSEGV)
    with pytest.raises(ServerDied, match="SIGSEGV") as caught:
        env.step(STILL)
    assert caught.value.details["returncode"] == -signal.SIGSEGV


def test_a_signal_without_a_name_is_reported_by_its_number(make_env):
    env = make_env()
    env.reset()
    os.kill(env.server_pid, signal.SIGRTMIN + 5)
    with pytest.raises(ServerDied, match=f"was killed by signal {signal.SIGRTMIN + 5};"):
        env.step(STILL)


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_a_server_that_not_even_sigkill_ends_holds_nobody_up(make_env, monkeypatch):
    monkeypatch.setattr(launcher, "KILL_SECONDS", 0.2)
    env = make_env(deadlines={"step": 1.0})
    env.reset()
    pid = env.server_pid
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ServerTimeout):
        env.step(STILL)
    with monkeypatch.context() as kernel:
        # Nothing that a test can do makes a process wait for a driver.
        kernel.setattr(os, "killpg", lambda *_: None)
        env.reset()
    env.step(STILL)
    assert env.server_pid != pid


def test_a_server_that_dies_between_episodes_is_not_even_noticed(make_env):
    env = make_env()
    env.reset(seed=0)
    os.kill(env.server_pid, signal.SIGKILL)
    env.reset()
    env.step(STILL)


def test_a_stopped_server_times_out_and_is_replaced_by_reset(make_env):
    env = make_env(deadlines={"step": 1.0})
    env.reset(seed=0)
    pid = env.server_pid
    os.kill(pid, signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(ServerTimeout, match="alive but did not answer Step within 1 s.*deadlines={'step': seconds}"):
        env.step(STILL)
    assert 0.9 < time.monotonic() - start < 30
    with pytest.raises(ConnectionPoisoned, match="An earlier Step is still without its reply"):
        env.step(STILL)
    env.reset()
    env.step(STILL)
    assert not psutil.pid_exists(pid)


def test_a_late_reply_is_never_taken_for_the_answer_to_a_later_request(make_env):
    env, twin = make_env(deadlines={"step": 1.0}), make_env()
    for each in (env, twin):
        each.reset(seed=0)
    os.kill(env.server_pid, signal.SIGSTOP)
    with pytest.raises(ServerTimeout):
        env.step(np.ones(1, np.float32))
    os.kill(env.server_pid, signal.SIGCONT)
    time.sleep(0.2)
    with pytest.raises(ConnectionPoisoned):
        env.step(STILL)
    for each in (env, twin):
        each.reset(seed=1)
    np.testing.assert_array_equal(env.step(STILL)[0], twin.step(STILL)[0])


def test_a_hung_task_times_out_and_is_replaced_by_reset(make_env):
    env = make_env(FAULTY, fault="sleep", deadlines={"step": 1.0})
    env.reset()
    env.step(STILL)
    with pytest.raises(ServerTimeout):
        env.step(STILL)
    env.reset()
    env.step(STILL)


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ("unreadable", TaskError, r"ValueError inside Blender: \\udcff"),
        ("raise", TaskError, r"(?s)ZeroDivisionError inside Blender: on purpose.*faulty_tasks.py.*in observe"),
        ("nan", SimulationDiverged, r"The observation at 0.040 s is \[nan nan nan nan\]"),
        ("dtype", TaskError, r"returned float64 \(4,\); its observation_space is float32 \(4,\)"),
        ("shape", TaskError, r"returned float32 \(2,\)"),
        ("reward", TaskError, r"FaultyTask\.outcome\(\) gave a reward that is nan; expected a finite number"),
        ("text", TaskError, r"FaultyTask\.outcome\(\) gave a reward that is '1'; expected a finite number"),
        ("unsure", TaskError, r"\.outcome\(\) gave terminated='no'; expected True or False"),
        ("handle", SceneError, r"A rigid body is asked for by its name in Blender; got <blendgym"),
        ("word", SceneError, r"Contacts are those of a list of bodies; got 'Cart'\. Write \['Cart'\]"),
        ("pair", TaskError, r"FaultyTask\.outcome\(\) gave \(1\.0, False\); expected an Outcome"),
    ],
)
def test_a_faulty_task_is_reported_and_its_server_lives_on(make_env, fault, error, message):
    env = make_env(FAULTY, fault=fault)
    env.reset()
    pid = env.server_pid
    env.step(STILL)
    with pytest.raises(error, match=message):
        env.step(STILL)
    env.reset()
    env.step(STILL)
    assert env.server_pid == pid


@pytest.mark.parametrize("fault", ["refuse", "raise", "nan"])
def test_an_episode_is_over_once_a_step_of_it_has_failed(fault):
    server = ServerProcess(FAULTY, {"fault": fault})
    connection = Connection(server, Deadlines())
    step = messages.Step(actions=STILL[None])
    try:
        connection.request(messages.Reset(episodes=(messages.Episode(seed=1),)), messages.Began)
        assert [set(connection.request(step, messages.Stepped).faults) for _ in range(2)] == [set(), {0}]
        with pytest.raises(ResetNeeded, match=r"after a step\(\) that failed"):
            connection.request(step, messages.Stepped)
    finally:
        connection.close()
        server.stop()


@pytest.mark.parametrize(
    ("deadly", "stop_server_first"),
    [
        pytest.param(signal.SIGKILL, False, marks=pytest.mark.long),
        (signal.SIGKILL, True),
        (signal.SIGTERM, False),
        pytest.param(signal.SIGTERM, True, marks=pytest.mark.long),
        (signal.SIGINT, False),
    ],
)
def test_no_blender_outlives_its_trainer(deadly, stop_server_first):
    with subprocess.Popen(
        [sys.executable, "-c", TRAINER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as trainer:
        server = int(trainer.stdout.readline())
        if stop_server_first:
            os.kill(server, signal.SIGSTOP)
        trainer.send_signal(deadly)
        trainer.wait(60)
    assert_gone(server, seconds=30)


def test_no_blender_outlives_a_trainer_that_is_killed_while_it_launches_one():
    with subprocess.Popen([sys.executable, "-c", TRAINER], stdout=subprocess.DEVNULL) as trainer:
        launched = wait_for_child(trainer.pid, seconds=60)
        trainer.kill()
    assert_gone(launched, seconds=30)


def test_the_folder_of_a_killed_trainer_is_removed_by_the_next_launch(make_env, temporary):
    with subprocess.Popen([sys.executable, "-c", TRAINER], stdout=subprocess.PIPE, text=True) as trainer:
        server = int(trainer.stdout.readline())
        trainer.kill()
    assert_gone(server, seconds=30)
    assert len(list(temporary.iterdir())) == 1
    env = make_env()
    env.reset()
    assert [folder.name.split("-")[1] for folder in temporary.iterdir()] == [str(os.getpid())]
    env.close()
    assert not list(temporary.iterdir())


def wait_for_child(pid, seconds):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        for child in psutil.Process(pid).children():
            return child.pid
        time.sleep(0.01)
    raise AssertionError("the trainer launched nothing")
