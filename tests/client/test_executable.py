"""A Blender with a Python of its own gets what the server needs, whatever the trainer's Python is."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from executables import executable, imitate_executable, make_bare_python, needs_executable, pythons
from places import HELPERS
from sabotage import COMMAND, SABOTAGED
from trainers import TRAINER, assert_gone

import blendgym
from blendgym.cli import main
from blendgym.client.process.modules import module_paths
from blendgym.errors import PackagesMissing, ServerDied, ServerTimeout, TaskError

NEEDED = ("msgspec", "numpy", "zmq")
OTHER_PYTHON = "3.13" if sys.version_info < (3, 13) else "3.11"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The folder in which packages are installed, empty. An activated environment would lend an executable its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PATH", os.defpath)
    return tmp_path / "data"


@pytest.fixture
def offline(tmp_path, monkeypatch):
    """No package index can be reached."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))


@pytest.fixture
def other(tmp_path):
    """An executable with another version of Python."""
    found = pythons(OTHER_PYTHON)
    if not found:
        pytest.skip(f"NOT TESTED: BLENDGYM_TEST_BLENDERS names no Python {OTHER_PYTHON} with bpy.")
    return imitate_executable(tmp_path / "other", found[0])


def modules(make_env, tmp_path, blender):
    """From where a server imports what."""
    file = tmp_path / "modules.json"
    make_env("tasks:Modules", file=str(file), blender=blender).reset()
    return json.loads(file.read_text())


def run(capsys, *arguments):
    """What the command line prints, errors included."""
    with contextlib.suppress(SystemExit):
        main(list(arguments))
    printed = capsys.readouterr()
    return printed.out + printed.err


def install(capsys, program):
    """Installs what is missing, from a package index."""
    printed = run(capsys, "install-server", program)
    if "No matching distribution found" in printed:
        pytest.skip("NOT TESTED: no package index can be reached.")
    assert "has all that the server needs now" in printed


def test_blendgym_and_the_task_are_pinned_and_no_standard_library_is_handed_over():
    paths = module_paths("free_tasks:EndlessCartpole")
    assert paths.pinned == {"blendgym": [blendgym.__file__], "free_tasks": [str(HELPERS / "free_tasks.py")]}
    assert str(HELPERS) in paths.code
    assert any((Path(path) / "numpy").is_dir() for path in paths.site)
    assert not any((Path(path) / "numpy").is_dir() or (Path(path) / "json").is_dir() for path in paths.code)


def test_an_executable_of_the_same_python_takes_what_it_lacks_from_the_trainer(make_env, tmp_path, data):
    program = imitate_executable(tmp_path / "own", sys.executable)
    files = modules(make_env, tmp_path, program)
    assert all("site-packages" in files[name] for name in NEEDED)


def test_an_executable_of_another_python_says_what_it_lacks_and_how_to_install_it(make_env, data, other):
    with pytest.raises(PackagesMissing, match="cannot import msgspec, numpy, zmq.*blendgym install-server") as caught:
        make_env(blender=other).reset()
    assert str(caught.value).endswith(f"blendgym install-server {other}")


def test_an_executable_of_another_python_works_after_the_installation(make_env, tmp_path, data, other, capsys):
    install(capsys, other)
    files = modules(make_env, tmp_path, other)
    assert all(files[name].startswith(f"{data}/blendgym/python{OTHER_PYTHON}/") for name in NEEDED)


@needs_executable
@pytest.mark.parametrize(
    ("sabotage", "error", "message"),
    [
        ("loop", ServerTimeout, r"(?s)The process computes\..* in Step for .*sabotage\.py:\d+ in loop"),
        ("crash", ServerDied, r"(?s)SIGSEGV.*in string_at"),
        ("leave", TaskError, "SystemExit inside Blender: on purpose"),
    ],
)
def test_what_breaks_in_an_executable_is_told_and_healed_by_a_reset(make_env, sabotage, error, message):
    env = make_env(SABOTAGED, sabotage=sabotage, blender=executable(), deadlines={"step": 2.0})
    env.reset()
    with pytest.raises(error, match=message):
        env.step(np.full(1, COMMAND, np.float32))
    env.reset()
    env.step(np.zeros(1, np.float32))


@needs_executable
def test_no_executable_outlives_its_trainer(monkeypatch):
    monkeypatch.setenv("BLENDGYM_BLENDER", executable())
    with subprocess.Popen([sys.executable, "-c", TRAINER], stdout=subprocess.PIPE, text=True) as trainer:
        server = int(trainer.stdout.readline())
        assert Path(f"/proc/{server}/comm").read_text(encoding="utf-8").strip() == "blender"
        os.kill(server, signal.SIGSTOP)
        trainer.kill()
    assert_gone(server, seconds=30)


@needs_executable
def test_a_look_into_an_executable_leaves_no_files(temporary, data, offline, capsys):
    assert executable() in run(capsys, "install-server", executable())
    assert not list(temporary.iterdir())


@needs_executable
def test_installed_packages_come_before_those_of_the_trainer(make_env, tmp_path, data, capsys):
    install(capsys, executable())
    files = modules(make_env, tmp_path, executable())
    assert all(files[name].startswith(str(data)) for name in ("msgspec", "zmq"))
    assert files["blendgym"] == blendgym.__file__
    printed = run(capsys, "install-server", executable())
    assert "has all that the server needs already" in printed
    assert files["msgspec"] in printed


def test_a_python_takes_the_packages_itself_even_without_a_pip(make_env, tmp_path, data, capsys):
    python = make_bare_python(tmp_path / "bare", sys.executable)
    install(capsys, python)
    files = modules(make_env, tmp_path, python)
    assert all(files[name].startswith(str(tmp_path / "bare")) for name in NEEDED)
    assert not data.exists()


def test_without_a_network_the_error_shows_what_pip_said_and_its_command(tmp_path, data, offline, capsys):
    printed = run(capsys, "install-server", imitate_executable(tmp_path / "own", sys.executable))
    assert "InstallationFailed" in printed
    assert "No matching distribution found for msgspec>=0.19" in printed
    folder = f"{data}/blendgym/python{sys.version_info.major}.{sys.version_info.minor}"
    assert f"-m pip install --only-binary=:all: --upgrade --target {folder} 'msgspec>=0.19'" in printed
