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

from blendgym.client.process.forks import without_forks
from blendgym.errors import BlenderNotFound, DisplayNotFound, InvalidOption

ENVIRONMENT_VARIABLE = "BLENDGYM_BLENDER"
SERVER_SCRIPT = Path(__file__).parents[2] / "server" / "__main__.py"
PROBE_SECONDS = 60.0
WINDOW_GEOMETRY = (100, 100, 960, 540)
"""Left, bottom, width and height, in pixels."""

DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY")
"""What says on Linux where the display is."""


@dataclass(frozen=True)
class Blender:
    """A program that can run the server.

    Args:
        program: Path of a Python with the bpy wheel, or of a Blender executable.
        is_python: Which of the two it is.
    """

    program: str
    is_python: bool

    def command(self, order: Path, window: bool = False) -> list[str]:
        """The command that starts a server.

        Args:
            order: Its launch order, a file in the server's own folder.
            window: Whether Blender opens its window.
        """
        return self.script_command(SERVER_SCRIPT, [str(order)], window)

    def script_command(self, script: Path, arguments: list[str], window: bool = False) -> list[str]:
        """The command that runs a Python script inside this Blender.

        The script's neighbours are no top-level modules there (``-P``), for tasks may be called like them.
        """
        if self.is_python:
            return [self.program, "-P", str(script), *arguments]
        show = ["--window-geometry", *map(str, WINDOW_GEOMETRY)] if window else ["--background"]
        options = [*show, "--factory-startup", "-noaudio", "--disable-autoexec", "--python-exit-code", "1"]
        return [self.program, *options, "--python", str(script), "--", *arguments]

    def require_window(self) -> None:
        """Checks whether this Blender can open a window here.

        Raises:
            InvalidOption: If it is a Python with bpy.
            DisplayNotFound: If there is no display.
        """
        if self.is_python:
            raise InvalidOption(
                f"window=True needs a Blender executable; {self.program} is a Python with bpy, which has no window. "
                f"Name an executable with blender= or {ENVIRONMENT_VARIABLE}, or look at render_mode='human'."
            )
        require_display("window=True")


def require_display(what: str) -> None:
    """Checks that there is a display.

    Args:
        what: Needs it; it begins the message.

    Raises:
        DisplayNotFound: If there is none.
    """
    if sys.platform == "linux" and not any(os.environ.get(name) for name in DISPLAY_VARIABLES):
        raise DisplayNotFound(
            f"{what} needs a display, but neither {' nor '.join(DISPLAY_VARIABLES)} is set. Run it in a desktop "
            "session, with ssh -X, or under xvfb-run."
        )


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
        with without_forks():
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=PROBE_SECONDS, stdin=subprocess.DEVNULL
            )
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
