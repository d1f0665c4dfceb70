"""The packages that a server needs in the Python of its Blender."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from blendgym.client.process.blender import Blender
from blendgym.client.process.packages_folder import packages_folder
from blendgym.errors import InstallationFailed
from blendgym.processes import how_it_ended

SCRIPT = Path(__file__).parents[2] / "server" / "packages.py"
REQUIREMENTS = {"msgspec": "msgspec>=0.19", "numpy": "numpy>=1.26", "zmq": "pyzmq>=26", "PIL": "pillow>=10.1"}
"""By the name of the module. Pillow is for parameters that compress pictures; without it, all else works."""

OLDEST_PYTHON = (3, 11)
SECONDS = 600.0
TAIL_LINES = 15


class Module(msgspec.Struct, frozen=True):
    """A module that can be imported.

    Args:
        version: Its own.
        file: Where it lies.
    """

    version: str
    file: str


class Inventory(msgspec.Struct, frozen=True):
    """What a server finds in the Python of a Blender.

    Args:
        python: Its version.
        target: Where packages are installed that this Python cannot take.
        modules: By name; ``None`` where an import fails.
    """

    python: str
    target: str
    modules: dict[str, Module | None]

    @property
    def lacking(self) -> list[str]:
        """The requirements that are not met."""
        return [REQUIREMENTS[name] for name, module in self.modules.items() if not _fits(module, REQUIREMENTS[name])]


def inspect(blender: Blender) -> Inventory:
    """Looks into the Python of a Blender.

    Raises:
        InstallationFailed: If its Python is too old for blendgym, or the Blender does not run.
    """
    inventory = _run(blender, [], advice="")
    if _numbers(inventory.python) < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        raise InstallationFailed(
            f"{blender.program} has Python {inventory.python}; blendgym needs {oldest} or newer, which Blender has "
            "since 4.1."
        )
    return inventory


def install(blender: Blender, inventory: Inventory) -> Inventory:
    """Installs what is lacking, for a Python with bpy there, for a Blender executable into a folder of this user.

    Args:
        blender: For whose Python.
        inventory: What it has.

    Returns:
        What it has now.

    Raises:
        InstallationFailed: If pip fails, or the packages cannot be imported afterwards.
    """
    place = [] if blender.is_python else ["--upgrade", "--target", "{target}"]
    arguments = ["install", "--only-binary=:all:", *place, *inventory.lacking]
    command = shlex.join(_command(blender, inventory, arguments))
    now = _run(blender, arguments, f"The same by hand: {command}")
    if now.lacking:
        raise InstallationFailed(f"{blender.program} cannot import {', '.join(now.lacking)} even after: {command}")
    return now


def _run(blender: Blender, arguments: list[str], advice: str) -> Inventory:
    with tempfile.TemporaryDirectory(prefix="blendgym-packages-") as name:
        plan, result = Path(name) / "plan.json", Path(name) / "result.json"
        plan.write_bytes(
            msgspec.json.encode({"folder": str(packages_folder()), "modules": list(REQUIREMENTS), "install": arguments})
        )
        command = blender.script_command(SCRIPT, [str(plan), str(result)])
        try:
            done = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                stdin=subprocess.DEVNULL, timeout=SECONDS, env={**os.environ, "TMPDIR": name},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise InstallationFailed(f"{blender.program} was not done after {SECONDS:g} s. {advice}") from None
        if not result.exists():
            tail = "\n  ".join(done.stdout.strip().splitlines()[-TAIL_LINES:])
            raise InstallationFailed(f"{blender.program} {how_it_ended(done.returncode)}:\n  {tail}\n{advice}")
        return msgspec.json.decode(result.read_bytes(), type=Inventory)


def _command(blender: Blender, inventory: Inventory, arguments: list[str]) -> list[str]:
    """A command that any shell takes; any pip can install for the Python of an executable."""
    if blender.is_python:
        return [blender.program, "-m", "pip", *arguments]
    line = ".".join(inventory.python.split(".")[:2])
    filled = [argument.format(target=inventory.target) for argument in arguments]
    return [sys.executable, "-m", "pip", *filled, "--python-version", line]


def _fits(module: Module | None, requirement: str) -> bool:
    return module is not None and _numbers(module.version) >= _numbers(requirement.partition(">=")[2])


def _numbers(version: str) -> tuple[int, ...]:
    """The first two numbers of a version."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])
