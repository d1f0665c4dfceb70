"""Blender executables for tests: those of this machine, and imitations with a Python that has nothing but bpy."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NAMED = list(filter(None, os.environ.get("BLENDGYM_TEST_BLENDERS", "").split(os.pathsep)))
"""Blender executables, or Pythons that have bpy."""

LAUNCHER = """#!/bin/sh
if [ "$1" = --version ]; then echo "Blender, imitated"; exit; fi
exec {python} -I -S {folder}/run.py "$@"
"""

RUN = """
import runpy, sys
sys.path.append({modules!r})
import bpy
runpy.run_path(sys.argv[sys.argv.index("--python") + 1], run_name="__main__")
"""


def version_line(program: str) -> str:
    """What a program says about its version."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return done.stdout.partition("\n")[0]


def executable() -> str | None:
    """A real Blender executable, if there is one."""
    programs = [*NAMED, *filter(None, [shutil.which("blender")])]
    return next((program for program in programs if version_line(program).startswith("Blender")), None)


needs_executable = pytest.mark.skipif(
    executable() is None,
    reason="NOT TESTED: there is no Blender executable, neither on the PATH nor in BLENDGYM_TEST_BLENDERS.",
)


def pythons(version: str) -> list[str]:
    """The Pythons with bpy that are named, of a version such as ``"3.13"``."""
    return [program for program in NAMED if version_line(program).startswith(f"Python {version}.")]


def imitate_executable(folder: Path, python: str) -> str:
    """Makes a program that takes the arguments of a Blender executable.

    Like those of blender.org it has a Python of its own, with bpy and without msgspec, pyzmq and pip.

    Args:
        folder: Where to make it.
        python: A Python with bpy.
    """
    modules = folder / "modules"
    modules.mkdir(parents=True)
    (modules / "bpy").symlink_to(_bpy_of(python))
    (folder / "run.py").write_text(RUN.format(modules=str(modules)))
    program = folder / "blender"
    program.write_text(LAUNCHER.format(python=_output(python, "import sys; print(sys.executable)"), folder=folder))
    program.chmod(0o700)
    return str(program)


def make_bare_python(folder: Path, python: str) -> str:
    """Makes a virtual environment that has bpy, and nothing else, not even pip.

    Args:
        folder: Where to make it.
        python: A Python with bpy.
    """
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True)
    made = str(folder / "bin" / "python")
    packages = Path(_output(made, "import sysconfig; print(sysconfig.get_path('purelib'))"))
    (packages / "bpy").symlink_to(_bpy_of(python))
    return made


def _bpy_of(python: str) -> str:
    return _output(python, "import importlib.util as u; print(u.find_spec('bpy').submodule_search_locations[0])")


def _output(python: str, code: str) -> str:
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
