"""Where a server finds the modules that it imports."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

SITE_FOLDERS = {"site-packages", "dist-packages"}
"""What the folders are called into which packages are installed, for one version of Python each."""


class ModulePaths(NamedTuple):
    """Folders in which modules are found.

    Args:
        code: Those with the source of blendgym and of the task, which any version of Python reads.
        site: Those of the packages that are installed in this Python, which others of its version can use.
    """

    code: list[str]
    site: list[str]


def module_paths(task: str) -> ModulePaths:
    """What of this Python's path a server needs.

    Args:
        task: The task, as ``module:Class``.
    """
    paths = [Path(path).absolute() for path in sys.path]
    paths = [path for path in paths if not _is_of_standard_library(path) and not _is_of_bpy(path)]
    site = [path for path in paths if SITE_FOLDERS.intersection(path.parts)]
    code = [path for path in paths if path not in site]
    # They may be installed, too: then their folder comes last, for it also has packages for this version alone.
    needed = [_folder_of(__name__), _folder_of(task.partition(":")[0])]
    return ModulePaths(code=_texts([*code, *filter(None, needed)]), site=_texts(site))


def _is_of_standard_library(path: Path) -> bool:
    library = Path(sysconfig.get_path("stdlib"))
    if path.suffix == ".zip":
        return path.parent == library.parent
    return library in (path, *path.parents) and not SITE_FOLDERS.intersection(path.parts)


def _is_of_bpy(path: Path) -> bool:
    """Whether a bpy that was imported here has added it: another version's scripts crash a Blender (5.0, 5.2)."""
    bpy = importlib.util.find_spec("bpy")
    return bpy is not None and bpy.origin is not None and Path(bpy.origin).parent in (path, *path.parents)


def _folder_of(module: str) -> Path | None:
    """The folder from which the outermost package of a module was imported."""
    package = sys.modules.get(module.partition(".")[0])
    file = getattr(package, "__file__", None)
    return Path(file).absolute().parents[1 if hasattr(package, "__path__") else 0] if file else None


def _texts(paths: list[Path]) -> list[str]:
    return [str(path) for path in dict.fromkeys(paths)]
