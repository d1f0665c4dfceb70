"""Where the scene of a task lies: a ``.blend``, or a module that builds it. Both sides of the wire read this."""

from __future__ import annotations

import importlib.util
import sys
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from blendgym.errors import SceneNotFound
from blendgym.names import did_you_mean

if TYPE_CHECKING:
    from blendgym.task import Task


SUITE = "blendgym.envs"


class ScenePlace(NamedTuple):
    """Where a scene lies.

    Args:
        file: The ``.blend``, or the file of a module beside the task; ``None`` for a module that is imported by name.
        module: Dotted name of the module with ``build(scene)``; empty for a ``.blend``.
    """

    file: Path | None
    module: str = ""


def read_scene(scene: str | PathLike[str]) -> ScenePlace:
    """Finds the ``.blend`` that is given in place of the scene of a task; its path is relative to the current folder.

    Raises:
        SceneNotFound: If it is none, or does not exist.
    """
    if not isinstance(scene, str | PathLike):
        raise SceneNotFound(f"scene= is {scene!r}; expected the path of a file that ends with .blend.")
    file = Path(scene).expanduser().absolute()
    if file.suffix != ".blend":
        raise SceneNotFound(f"scene= is {str(scene)!r}; expected the path of a file that ends with .blend.")
    if file.is_dir():
        raise SceneNotFound(f"scene= is {str(scene)!r}, but {file} is a folder, not a file of Blender.")
    if not file.is_file():
        others = sorted(other.name for other in file.parent.glob("*.blend") if other.is_file())
        raise SceneNotFound(f"scene= is {str(scene)!r}, but there is no file {file}.{did_you_mean(file.name, others)}")
    return ScenePlace(file)


def find_scene(task: Task) -> ScenePlace:
    """Finds what ``task.scene`` names.

    A path is relative to the file of the class that declares it (of the task's own, if an instance sets it), and a name
    without dots is that of a neighbour of this file, whatever else is called like it, or else that of a room of this
    suite, such as ``cartpole``. Other names are those of modules, as ``import`` takes them; with
    a dot at the beginning, from the package of the task.

    Raises:
        SceneNotFound: If there is nothing; the message says where it was looked for.
    """
    declaring = [cls for cls in type(task).__mro__ if "scene" in vars(cls)]
    owner = type(task) if "scene" in vars(task) else declaring[0]
    module = sys.modules[owner.__module__]
    file = getattr(module, "__file__", None)
    beside = Path(file).absolute().parent if file else Path.cwd()  # A notebook has no file.
    name = str(task.scene)
    if name.endswith(".blend"):
        return _blend(beside / name)
    if "." in name:
        return ScenePlace(None, _absolute(name, module.__package__, owner))
    for neighbour in (beside / f"{name}.py", beside / name / "__init__.py"):
        if neighbour.is_file():
            return ScenePlace(neighbour, f"{module.__package__ or ''}.{name}".lstrip("."))
    room = f"{SUITE}.{name}"
    if importlib.util.find_spec(room) and importlib.util.find_spec(f"{room}.scene"):
        return ScenePlace(None, f"{room}.scene")
    raise SceneNotFound(
        f"Scene {name!r} of {owner.__qualname__} is no module beside it (looked for {beside / name}.py), nor a room of "
        "this suite. Modules elsewhere are named with their package (package.module), files with their ending (.blend)."
    )


def _absolute(name: str, package: str | None, owner: type) -> str:
    """The name of a module from the top, of one that may be relative to a package."""
    try:
        return importlib.util.resolve_name(name, package or None)
    except ImportError as error:
        raise SceneNotFound(
            f"Scene {name!r} of {owner.__qualname__} is named from a package in which its task is not: {error}."
        ) from error


def _blend(file: Path) -> ScenePlace:
    if not file.is_file():
        raise SceneNotFound(
            f"Scene file {str(file)!r} {what_instead(file)}. Paths are relative to the file of the task."
        )
    return ScenePlace(file)


def what_instead(file: Path) -> str:
    """What is to be said of a place where a file was expected and is none."""
    return "is a folder" if file.is_dir() else "does not exist"
