"""What a server imports of this Python's modules, and where it finds them."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

from blendgym.errors import TaskNotFound

SITE_FOLDERS = {"site-packages", "dist-packages"}
"""What the folders are called into which packages are installed, for one version of Python each."""

SCRIPT = "__trainer__"
"""What a server calls the script that runs here as ``__main__``, a name that is its own there."""


class ModulePaths(NamedTuple):
    """Where modules are found.

    Args:
        entry_point: The task, as ``module:Class``, under the name by which the server imports it.
        pinned: The outermost packages of blendgym and of the task by name, each with its file, or with its folders if
            it is a namespace; no other module can be taken for them.
        code: Folders with source code, which any version of Python reads.
        site: Folders of what is installed in this Python, for others of its version.
    """

    entry_point: str
    pinned: dict[str, list[str]]
    code: list[str]
    site: list[str]


def module_paths(task: str) -> ModulePaths:
    """What of this Python's modules a server needs.

    Args:
        task: The task, as ``module:Class``; empty for none.

    Raises:
        TaskNotFound: If its class has no file that another process could import.
    """
    module, _, class_name = task.partition(":")
    module, pins = (module, _pin(module)) if module != "__main__" else _pin_script()
    code, site = _paths()
    # The neighbours of an installed task come last, for beside them are packages for this version alone.
    return ModulePaths(f"{module}:{class_name}", _pin("blendgym") | pins, [*code, *_folders_of(pins)], site)


def _pin(module: str) -> dict[str, list[str]]:
    name = module.partition(".")[0]
    spec = importlib.util.find_spec(name) if name else None
    if spec is None:  # It will be reported by whoever imports it.
        return {}
    if spec.has_location and spec.origin:
        return {name: [str(Path(spec.origin).absolute())]}
    return {name: [str(Path(folder).absolute()) for folder in spec.submodule_search_locations or ()]}


def _pin_script() -> tuple[str, dict[str, list[str]]]:
    """The name of the module that runs as ``__main__``, and its pin."""
    script = sys.modules["__main__"]
    if script.__spec__ is not None:  # python -m
        return script.__spec__.name, _pin(script.__spec__.name)
    file = getattr(script, "__file__", None)
    if file is None or not Path(file).is_file():
        raise TaskNotFound(
            "The task is defined in a notebook or typed into Python, where no Blender can import it. Write it into a "
            "file of its own (%%writefile my_task.py in a notebook), and import it from there."
        )
    return SCRIPT, {SCRIPT: [str(Path(file).absolute())]}


def _paths() -> tuple[list[str], list[str]]:
    """The folders of this Python's path with code, and those with what is installed, its own library left out."""
    checkout = importlib.util.find_spec("blendgym")
    ours = Path(checkout.origin).absolute().parents[1] if checkout and checkout.origin else None
    code: list[Path] = []
    site: list[Path] = []
    for path in (Path(entry).absolute() for entry in sys.path):
        if _is_of_standard_library(path) or _is_of_bpy(path):
            continue
        if SITE_FOLDERS.intersection(path.parts):
            site.append(path)
        elif not (site and path == ours):  # An editable install adds it for blendgym alone.
            code.append(path)
    return _texts(code), _texts(site)


def _folders_of(pins: dict[str, list[str]]) -> list[str]:
    """The folders in which pinned modules lie."""
    places = [Path(place) for places in pins.values() for place in places]
    return _texts([place.parents[1] if place.stem == "__init__" else place.parent for place in places])


def _is_of_standard_library(path: Path) -> bool:
    library = Path(sysconfig.get_path("stdlib"))
    if path.suffix == ".zip":
        return path.parent == library.parent
    return library in (path, *path.parents) and not SITE_FOLDERS.intersection(path.parts)


def _is_of_bpy(path: Path) -> bool:
    """Whether a bpy that was imported here has added it: another version's scripts crash a Blender (5.0, 5.2)."""
    bpy = importlib.util.find_spec("bpy")
    return bpy is not None and bpy.origin is not None and Path(bpy.origin).parent in (path, *path.parents)


def _texts(paths: list[Path]) -> list[str]:
    return [str(path) for path in dict.fromkeys(paths)]
