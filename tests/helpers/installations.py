"""Installations of the wheel: virtual environments that hold it, and exactly what its extras ask for."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from setuptools import build_meta as backend; print(getattr(backend, sys.argv[1])(sys.argv[2]))"
CLEAN = {name: os.environ[name] for name in ("HOME", "PATH", "LANG", "TMPDIR") if name in os.environ}
"""The environment of processes: nothing that names our checkout."""


def copied_checkout(folder: Path) -> Path:
    """A copy of what git knows of the checkout."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, files):
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.symlink_to((ROOT / name).readlink()) if (ROOT / name).is_symlink() else copy.write_bytes(
            (ROOT / name).read_bytes()
        )
    return folder


def built(source: Path, kind: str, output: Path) -> Path:
    """A "wheel" or an "sdist" of a folder with the sources."""
    command = [sys.executable, "-c", BUILD, f"build_{kind}", str(output)]
    said = subprocess.run(command, cwd=source, capture_output=True, text=True, check=True).stdout
    return output / said.splitlines()[-1]


class Installation:
    """A virtual environment with the wheel and what some of its extras require, and nothing else.

    The packages are those of this Python, linked one by one, so that none has to be downloaded.

    Args:
        folder: Where to make it.
        wheel: The wheel of blendgym.
        extras: Names of extras.
    """

    def __init__(self, folder: Path, wheel: Path, *extras: str) -> None:
        venv.create(folder, symlinks=True)
        self.python = folder / "bin" / "python"
        (self._site,) = folder.glob("lib/python*/site-packages")
        self._pip("install", "--quiet", "--no-index", "--no-deps", str(wheel))
        (ours,) = distributions(path=[str(self._site)])
        for name in _required(ours, frozenset(extras)):
            self._link(distribution(name))

    def run(
        self, *command: str | Path, folder: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs ``python COMMAND``, by default in a folder that has nothing to do with the checkout."""
        return subprocess.run(
            [self.python, *map(str, command)], cwd=folder or self.python.parent, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, env=CLEAN | variables,
        )  # fmt: skip

    def blendgym(self, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs the command line."""
        return self.run(self.python.with_name("blendgym"), *arguments, **variables)

    def _pip(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "-m", "pip", "--python", str(self.python), *arguments], check=True)

    def _link(self, package: Distribution) -> None:
        tops = {file.parts[0] for file in package.files or () if file.parts[0] not in ("..", "__pycache__")}
        for top in tops:
            if not (self._site / top).exists():  # Namespaces are shared.
                (self._site / top).symlink_to(Path(str(package.locate_file(top))))


def _required(package: Distribution, extras: frozenset[str]) -> dict[str, None]:
    """The names of all that a distribution with extras requires, directly and indirectly."""
    found: dict[str, None] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    open_ends = [(package, extras)]
    while open_ends:
        package, extras = open_ends.pop()
        for requirement in map(Requirement, package.requires or ()):
            marker, name = requirement.marker, canonicalize_name(requirement.name)
            wanted = not marker or any(marker.evaluate({"extra": extra}) for extra in extras or {""})
            step = name, frozenset(requirement.extras)
            if wanted and step not in seen:
                seen.add(step)
                found[name] = None
                open_ends.append((distribution(name), step[1]))
    return found
