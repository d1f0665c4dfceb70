"""Whatever happens to a server or its trainer: a typed error in time, no orphan, and reset() works again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from tasks import FAULTY

from blendgym.client.connection.connection import Connection
from blendgym.client.process import launcher
from blendgym.client.process.blender import find_blender
from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import (
    BlenderNotFound,
    ConnectionPoisoned,
    ResetNeeded,
    SceneError,
    SceneNotFound,
    ServerDied,
    ServerError,
    ServerStartError,
    ServerTimeout,
    SimulationDiverged,
    TaskError,
    TaskNotFound,
)
from blendgym.protocol import messages

STILL = np.zeros(1, np.float32)
TESTS = Path(__file__).parent


def test_a_killed_server_is_noticed_at_once_and_replaced_by_reset(make_env):
    env = make_env(deadlines={"step": 60})
    env.reset(seed=0)
    pid = env.server_pid
    os.kill(pid, signal.SIGKILL)
    start = time.monotonic()
    with pytest.raises(ServerDied, match="killed by SIGKILL.*reset\\(\\) launches a new one"):
        env.step(STILL)
    assert time.monotonic() - start < 1
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
    env = make_env(deadlines={"step": 0.3})
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
    env = make_env(deadlines={"step": 0.5})
    env.reset(seed=0)
    pid = env.server_pid
    os.kill(pid, signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(ServerTimeout, match="alive but did not answer Step within 0.5 s.*deadlines={'step': seconds}"):
        env.step(STILL)
    assert 0.4 < time.monotonic() - start < 2
    with pytest.raises(ConnectionPoisoned, match="An earlier Step is still without its reply"):
        env.step(STILL)
    env.reset()
    env.step(STILL)
    assert not psutil.pid_exists(pid)


def test_a_late_reply_is_never_taken_for_the_answer_to_a_later_request(make_env):
    env, twin = make_env(deadlines={"step": 0.3}), make_env()
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
    env = make_env(FAULTY, fault="sleep", deadlines={"step": 0.5})
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
        ("raise", TaskError, r"(?s)ZeroDivisionError inside Blender: on purpose.*tasks.py.*in observe"),
        ("nan", SimulationDiverged, r"The observation at 0.040 s is \[nan nan nan nan\]"),
        ("dtype", TaskError, r"returned float64 \(4,\); its observation_space is float32 \(4,\)"),
        ("shape", TaskError, r"returned float32 \(2,\)"),
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
    ("task", "error", "message"),
    [
        ("tasks:MissingScene", SceneNotFound, "'no_such_scene' is neither a module of blendgym.scenes nor"),
        ("tasks:MissingSceneFile", SceneNotFound, "'/no/such/file.blend' does not exist"),
        ("tasks:Leaving", ServerStartError, "SystemExit while the server started: on purpose"),
        ("tasks:MissingBody", SceneError, "no hinge or slider 'Elbow'; it has Track, Hinge"),
    ],
)
def test_a_scene_that_does_not_fit_is_reported_and_leaves_no_process(make_env, task, error, message):
    children = len(psutil.Process().children())
    with pytest.raises(error, match=message):
        make_env(task).reset()
    assert len(psutil.Process().children()) == children


def test_a_task_that_is_not_there_is_reported_before_blender_starts(make_env):
    with pytest.raises(TaskNotFound):
        make_env("tasks:NoSuchTask")


def test_a_python_without_bpy_is_reported_with_the_way_to_install_it(make_env, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    with pytest.raises(BlenderNotFound, match="has no bpy; install it there"):
        make_env(blender=python).reset()


@pytest.mark.parametrize(
    ("program", "message"), [("/no/such/blender", "no program that can be run"), ("/bin/true", "neither a Blender nor")]
)
def test_a_program_that_is_no_blender_is_reported(make_env, program, message):
    with pytest.raises(BlenderNotFound, match=message):
        make_env(blender=program).reset()


def test_the_environment_variable_names_the_blender(make_env, monkeypatch):
    monkeypatch.setenv("BLENDGYM_BLENDER", "/no/such/blender")
    with pytest.raises(BlenderNotFound, match="/no/such/blender"):
        make_env().reset()


@pytest.mark.parametrize(
    ("version", "advice"), [((3, 12), "use Python 3.11"), ((3, 11), r"pip install 'blendgym\[bpy\]'")]
)
def test_a_missing_wheel_is_reported_with_the_pythons_that_have_one(version, advice):
    from blendgym.client.process.blender import no_wheel_message

    message = no_wheel_message(version)
    assert advice.replace("\\", "") in message
    assert "blender= or BLENDGYM_BLENDER" in message


def test_a_server_that_is_not_ready_in_time_is_killed(make_env):
    with pytest.raises(ServerStartError, match="not ready after 0.05 s"):
        make_env(deadlines={"start": 0.05}).reset()
    assert not [child for child in psutil.Process().children() if "blendgym" in " ".join(child.cmdline())]


def test_a_hello_without_an_answer_names_the_deadline_that_it_missed():
    server = ServerProcess("blendgym.envs.cartpole:Cartpole", {})
    assert server.endpoint  # It is ready.
    os.kill(server.pid, signal.SIGSTOP)
    with pytest.raises(ServerTimeout, match="did not answer Hello within 0.2 s.*deadlines={'start': seconds}"):
        Connection(server, Deadlines(start=0.2))
    server.stop()


NO_DESCRIPTORS_LEFT = """
import os, resource, signal, sys
from blendgym.client.env import BlendEnv
from blendgym.errors import BlendgymError
env = BlendEnv("blendgym.envs.cartpole:Cartpole")
env.reset()
os.kill(env.server_pid, signal.SIGKILL)
limits = resource.getrlimit(resource.RLIMIT_NOFILE)
for spare in range(12):
    lowest = os.open("/dev/null", os.O_RDONLY)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + spare, limits[1]))
    try:
        env.reset()
    except BlendgymError as error:
        print(type(error).__name__, error)
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert not spare or len(os.listdir("/proc/self/fd")) < 20
env.reset()
os._exit(0)
"""


def test_a_trainer_without_descriptors_gets_typed_errors_and_goes_on_when_it_has_some():
    done = subprocess.run([sys.executable, "-c", NO_DESCRIPTORS_LEFT], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Too many open files" in done.stdout


def test_a_blender_that_has_vanished_is_reported(make_env, tmp_path):
    program = tmp_path / "blender"
    program.write_text("#!/bin/sh\necho Blender 4.5\n")
    program.chmod(0o700)
    find_blender(str(program))
    program.unlink()
    with pytest.raises(ServerStartError, match="No process for a Blender server can be started: .*No such file"):
        make_env(blender=str(program)).reset()


def test_an_environment_cannot_be_used_after_a_fork(make_env):
    env = make_env()
    env.reset()
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            env.step(STILL)
        except ServerError as error:
            os.write(writer, str(error).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        assert "cannot be used after a fork" in pipe.read()
    env.step(STILL)


TRAINER = """
import os, sys, gymnasium as gym, numpy as np, blendgym
env = gym.make("BlendCartpole-v0")
env.reset(seed=0)
print(env.unwrapped.server_pid, flush=True)
while True:
    if env.step(np.zeros(1, np.float32))[2]:
        env.reset()
"""


@pytest.mark.parametrize(
    ("deadly", "stop_server_first"),
    [
        (signal.SIGKILL, False),
        (signal.SIGKILL, True),
        (signal.SIGTERM, False),
        (signal.SIGTERM, True),
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
        trainer.wait(10)
    assert_gone(server, seconds=3)


def test_no_blender_outlives_a_trainer_that_is_killed_while_it_launches_one():
    with subprocess.Popen([sys.executable, "-c", TRAINER], stdout=subprocess.DEVNULL) as trainer:
        launched = wait_for_child(trainer.pid, seconds=20)
        trainer.kill()
    assert_gone(launched, seconds=3)


def test_the_folder_of_a_killed_trainer_is_removed_by_the_next_launch(make_env, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", TRAINER], stdout=subprocess.PIPE, text=True) as trainer:
        server = int(trainer.stdout.readline())
        trainer.kill()
    assert_gone(server, seconds=3)
    assert len(list(tmp_path.iterdir())) == 1
    env = make_env()
    env.reset()
    assert [folder.name.split("-")[1] for folder in tmp_path.iterdir()] == [str(os.getpid())]
    env.close()
    assert not list(tmp_path.iterdir())


def wait_for_child(pid, seconds):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        for child in psutil.Process(pid).children():
            return child.pid
        time.sleep(0.01)
    raise AssertionError("the trainer launched nothing")


def assert_gone(pid, seconds):
    limit = time.monotonic() + seconds
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < limit, f"process {pid} is alive {seconds} s after its trainer"
        time.sleep(0.02)
