"""Finding the Blender that a server runs in."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from blendgym.errors import BlenderNotFound

ENVIRONMENT_VARIABLE = "BLENDGYM_BLENDER"
SERVER_SCRIPT = Path(__file__).parents[1] / "server" / "__main__.py"
PROBE_SECONDS = 60.0


@dataclass(frozen=True)
class Blender:
    """A program that can run the server.

    Args:
        program: Path of a Python with the bpy wheel, or of a Blender executable.
        is_python: Which of the two it is.
    """

    program: str
    is_python: bool

    def command(self, folder: Path) -> list[str]:
        """The command that starts a server with the launch order in ``folder``."""
        return self.script_command(SERVER_SCRIPT, [str(folder)])

    def script_command(self, script: Path, arguments: list[str]) -> list[str]:
        """The command that runs a Python script inside this Blender."""
        if self.is_python:
            return [self.program, str(script), *arguments]
        options = ["--background", "--factory-startup", "-noaudio", "--disable-autoexec", "--python-exit-code", "1"]
        return [self.program, *options, "--python", str(script), "--", *arguments]


def find_blender(blender: str | None = None) -> Blender:
    """Finds the Blender to use.

    Args:
        blender: Path or name of a Blender executable, or of a Python that has bpy. Without it the environment
            variable ``BLENDGYM_BLENDER`` is asked, then the bpy wheel of this Python.

    Raises:
        BlenderNotFound: If there is none, or the program named is neither a Blender nor a Python with bpy.
    """
    named = blender or os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return _identify(named)
    if importlib.util.find_spec("bpy") is None:
        raise BlenderNotFound(no_wheel_message(sys.version_info[:2]))
    return Blender(sys.executable, is_python=True)


@cache
def _identify(named: str) -> Blender:
    program = shutil.which(named)
    if program is None:
        raise BlenderNotFound(
            f"{named!r} is no program that can be run. blender= and {ENVIRONMENT_VARIABLE} take the path of a "
            "Blender executable, or of a Python that has bpy."
        )
    version = _output([program, "--version"])
    if version.startswith("Blender"):
        return Blender(program, is_python=False)
    if version.startswith("Python"):
        if "bpy found" not in _output(
            [program, "-c", "import importlib.util as u; u.find_spec('bpy') and print('bpy found')"]
        ):
            raise BlenderNotFound(f"{program} ({version}) has no bpy; install it there: {program} -m pip install bpy")
        return Blender(program, is_python=True)
    raise BlenderNotFound(f"{program} is neither a Blender nor a Python: its --version says {version[:200]!r}.")


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_SECONDS, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BlenderNotFound(f"{' '.join(command)} cannot be run: {error}") from error
    return done.stdout.strip()


def no_wheel_message(python: tuple[int, int]) -> str:
    """What to do where bpy is missing, by the version of the Python that lacks it."""
    version = ".".join(map(str, python))
    if python in ((3, 11), (3, 13)):
        first = f"This Python {version} has no bpy; install it: pip install 'blendgym[bpy]'."
    else:
        first = f"There is no bpy wheel for this Python {version}: use Python 3.11 (bpy 4.5) or Python 3.13 (bpy 5.2)."
    return f"{first} Or name a Blender executable with blender= or {ENVIRONMENT_VARIABLE}."
