"""A user's modules may be called as they like: like ours, like our folders, like parts of Blender's server."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from executables import imitate_executable
from installations import CLEAN, Installation, built, copied_checkout

NAMES = (
    "agents", "benchmarks", "blendgym_x", "cameras", "client", "docs", "envs", "errors", "log", "packages", "physics",
    "scenes", "server", "session", "simulation", "spaces", "task", "tasks", "tests", "window", "wire", "world",
)  # fmt: skip
TASK = f"""
import importlib, sys
import numpy as np
from blendgym.spaces import Box
from blendgym.task import Outcome, Task

MARK = "mine"

class Own(Task):
    scene, control_rate = "blendgym.envs.cartpole.scene", 20.0
    action_space, observation_space = Box(-1.0, 1.0, shape=(1,)), Box(-1.0, 1.0, shape=(1,))
    def bind(self, world):
        theirs = [name for name in {NAMES} if getattr(importlib.import_module(name), "MARK", None) != "mine"]
        if theirs:
            raise RuntimeError(f"other modules came for {{theirs}}")
    def reset(self, world, rng): pass
    def apply(self, action): pass
    def observe(self): return np.ones(1, np.float32)
    def outcome(self, observation): return Outcome(0.0, False)
"""
PLAY = """
import sys
from blendgym.client.env import BlendEnv
from blendgym.errors import BlendgymError
for task in sys.argv[1:]:
    env = BlendEnv(task)
    print(task, env.reset(seed=1)[0])
    env.close()
"""
GUARD = 'if __name__ == "__main__":'
SCRIPT = (
    TASK
    + """
if __name__ == "__main__":
    from blendgym.client.env import BlendEnv
    env = BlendEnv(f"{__name__}:Own")
    print("played", env.reset(seed=1)[0])
    env.close()
"""
)
UNGUARDED = SCRIPT.replace(GUARD, "if True:")


@pytest.fixture
def folder(tmp_path):
    """Modules of a user, each called like something else; every second is a package, one a namespace."""
    for number, name in enumerate(NAMES):
        if number % 2:
            (tmp_path / f"{name}.py").write_text(TASK)
        else:
            (tmp_path / name).mkdir()
            (tmp_path / name / "__init__.py").write_text(TASK)
    (tmp_path / "space" / "inner").mkdir(parents=True)
    (tmp_path / "space" / "inner" / "task.py").write_text(TASK)
    return tmp_path


OWN = ("simulation:Own", "envs:Own", "server:Own", "space.inner.task:Own")
PLAYED = "".join(f"{task} [1.]\n" for task in OWN)


def python(folder, *arguments, **variables):
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, env=CLEAN | variables, timeout=120
    )


def test_they_are_found_with_an_editable_install(folder):
    done = python(folder, "-c", PLAY, *OWN)
    assert done.stdout == PLAYED, done.stderr


@pytest.mark.long
def test_they_are_found_with_a_plain_install_and_a_blender_of_its_own(folder, tmp_path_factory):
    wheel = built(copied_checkout(tmp_path_factory.mktemp("checkout")), "wheel", tmp_path_factory.mktemp("wheel"))
    installed = Installation(tmp_path_factory.mktemp("venv"), wheel, "bpy")
    executable = imitate_executable(tmp_path_factory.mktemp("blender") / "own", sys.executable)
    for variables in ({}, {"BLENDGYM_BLENDER": executable}):
        done = installed.run("-c", PLAY, *OWN, folder=folder, **variables)
        assert done.stdout == PLAYED, done.stderr


def test_the_command_line_finds_them_in_the_current_folder(folder):
    picture = "--passes", "rgb", "--width", "32", "--height", "32", "--output", "pictures"
    done = python(folder, "-P", "-m", "blendgym", "render", "envs:Own", *picture)
    assert (folder / "pictures" / "rgb.png").exists(), done.stderr


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("types:Own", "Task 'types:Own' is not in .*types.py; call yours otherwise than 'types'"),
        ("bpy_extras:Own", "'bpy_extras' of task 'bpy_extras:Own' is called like one of Blender's, .*bpy_extras"),
        ("mathutils:Own", "'mathutils' of task 'mathutils:Own' is called like one of Blender's, .*mathutils"),
        ("simulation:Other", "Task 'simulation:Other' is not in .*/simulation"),
    ],
)
def test_a_name_that_python_or_blender_have_taken_is_said_so(folder, task, message):
    (folder / "types.py").write_text(TASK)
    (folder / "bpy_extras.py").write_text(TASK)
    (folder / "mathutils.py").write_text(TASK)
    done = python(folder, "-P", "-c", f"import sys; sys.path.append(''){PLAY}", task)
    assert "TaskNotFound: " in done.stderr
    assert re.search(message, done.stderr), done.stderr


def test_a_task_in_the_script_that_runs_is_found(folder):
    (folder / "train.me.py").write_text(SCRIPT)
    done = python(folder, "train.me.py")
    assert done.stdout == "played [1.]\n", done.stderr


def test_a_task_in_a_module_that_runs_as_a_script_is_found(folder):
    (folder / "agents" / "train.py").write_text(SCRIPT)
    done = python(folder, "-m", "agents.train")
    assert done.stdout == "played [1.]\n", done.stderr


def test_a_script_that_would_run_inside_its_own_server_is_told_of_the_guard(folder):
    (folder / "train.py").write_text(UNGUARDED)
    done = python(folder, "train.py")
    assert "EnvironmentInServer: A Blender server made an environment" in done.stderr
    assert "if __name__ == '__main__':" in done.stderr


def test_a_task_that_is_in_no_file_is_told_to_be_written_into_one(folder):
    done = python(folder, "-c", UNGUARDED)
    assert "TaskNotFound: The task is defined in a notebook or typed into Python" in done.stderr
