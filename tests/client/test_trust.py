"""A .blend runs no code of its own, unless it is trusted by name."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from booby_trap import TRAPS
from executables import NAMED, executable, needs_executable, version_line

PYTHONS = [program for program in NAMED if version_line(program).startswith("Python")]
SAVED = "tasks:SavedCartpole"


@pytest.fixture(
    params=[
        pytest.param(None, id="default"),
        pytest.param(executable(), id="executable", marks=needs_executable),
        *PYTHONS,
    ]
)
def program(request):
    return request.param


@pytest.fixture
def markers(tmp_path):
    folder = tmp_path / "markers"
    folder.mkdir()
    return folder


@pytest.fixture
def trap(make_env, program, tmp_path, markers):
    """A file that this very Blender has saved."""
    blend = tmp_path / "trap.blend"
    env = make_env("booby_trap:TrapMaker", blend=str(blend), markers=str(markers), blender=program)
    env.reset()
    env.close()
    assert not list(markers.iterdir())
    return blend


def play(env):
    env.reset(seed=0)
    for _ in range(3):
        env.step(np.zeros(1, np.float32))


def test_by_default_nothing_in_a_file_runs(make_env, program, trap, markers):
    play(make_env(SAVED, path=str(trap), blender=program))
    assert not list(markers.iterdir())


def test_a_trusted_file_runs_its_code_and_the_log_says_which_it_was(make_env, program, trap, markers):
    env = make_env(SAVED, path=str(trap), blender=program, trust=True)
    play(env)
    assert {marker.name for marker in markers.iterdir()} == TRAPS
    log = env.server_log
    assert f"{trap} (SHA-256 {hashlib.sha256(trap.read_bytes()).hexdigest()}) may run: trust=True" in log
