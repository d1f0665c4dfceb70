"""A server that cannot be launched: a typed error that says what to do, and no process left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

from blendgym.client.connection.connection import Connection
from blendgym.client.process.blender import find_blender
from blendgym.client.process.deadlines import Deadlines
from blendgym.client.process.launcher import ServerProcess
from blendgym.errors import (
    BlenderNotFound,
    SceneError,
    SceneNotFound,
    ServerStartError,
    ServerTimeout,
    TaskNotFound,
)


@pytest.mark.parametrize(
    ("task", "error", "message"),
    [
        ("faulty_tasks:MissingScene", SceneNotFound, "'no_such_scene' of MissingScene is no module beside it"),
        ("faulty_tasks:MissingSceneFile", SceneNotFound, "'/no/such/file.blend' does not exist"),
        ("faulty_tasks:Leaving", ServerStartError, "SystemExit while the server started: on purpose"),
        ("faulty_tasks:MissingBody", SceneError, "no joint 'Elbow'; it has Track, Hinge"),
    ],
)
def test_a_scene_that_does_not_fit_is_reported_and_leaves_no_process(make_env, task, error, message):
    children = len(psutil.Process().children())
    with pytest.raises(error, match=message):
        make_env(task).reset()
    assert len(psutil.Process().children()) == children


def test_a_task_that_is_not_there_is_reported_before_blender_starts(make_env):
    with pytest.raises(TaskNotFound):
        make_env("faulty_tasks:NoSuchTask")


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
    others = set(psutil.Process().children())
    with pytest.raises(ServerStartError, match="not ready after 0.05 s"):
        make_env(deadlines={"start": 0.05}).reset()
    assert set(psutil.Process().children()) <= others


def test_a_hello_without_an_answer_names_the_deadline_that_it_missed():
    server = ServerProcess("blendgym.envs.cartpole.task:Cartpole", {})
    assert server.endpoint  # It is ready.
    os.kill(server.pid, signal.SIGSTOP)
    with pytest.raises(ServerTimeout, match="did not answer Hello within 0.2 s.*deadlines={'start': seconds}"):
        Connection(server, Deadlines(start=0.2))
    server.stop()


NO_DESCRIPTORS_LEFT = """
import os, resource, signal, sys
from blendgym.client.env import BlendEnv
from blendgym.errors import BlendgymError
env = BlendEnv("blendgym.envs.cartpole.task:Cartpole")
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
sys.stdout.flush()
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
