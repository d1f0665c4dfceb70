"""Where the scene of a task lies: a ``.blend``, or a module that builds it. Both sides of the wire read this."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from blendgym.errors import SceneNotFound

if TYPE_CHECKING:
    from blendgym.task import Task


class ScenePlace(NamedTuple):
    """Where a scene lies.

    Args:
        file: The ``.blend``, or the file of a module beside the task; ``None`` for a module that is imported by name.
        module: Dotted name of the module with ``build(scene)``; empty for a ``.blend``.
    """

    file: Path | None
    module: str = ""


def find_scene(task: Task) -> ScenePlace:
    """Finds what ``task.scene`` names.

    A path is relative to the file of the class that declares it (of the task's own, if an instance sets it), and a name
    without dots is that of a neighbour of this file, whatever else is called like it. Other names are those of modules,
    as ``import`` takes them.

    Raises:
        SceneNotFound: If there is nothing; the message says where it was looked for.
    """
    declaring = [cls for cls in type(task).__mro__ if "scene" in vars(cls)]
    owner = type(task) if "scene" in vars(task) else declaring[0]
    file = getattr(sys.modules[owner.__module__], "__file__", None)
    beside = Path(file).absolute().parent if file else Path.cwd()  # A notebook has no file.
    name = str(task.scene)
    if name.endswith(".blend"):
        return _blend(beside / name)
    if "." in name:
        return ScenePlace(None, name)
    for module in (beside / f"{name}.py", beside / name / "__init__.py"):
        if module.is_file():
            return ScenePlace(module, f"{owner.__module__.rpartition('.')[0]}.{name}".lstrip("."))
    raise SceneNotFound(
        f"Scene {name!r} of {owner.__qualname__} is no module beside it (looked for {beside / name}.py). Modules that "
        "lie elsewhere are named with their package (package.module), files with their ending (.blend)."
    )


def _blend(file: Path) -> ScenePlace:
    if not file.is_file():
        raise SceneNotFound(f"Scene file {str(file)!r} does not exist. Paths are relative to the file of the task.")
    return ScenePlace(file)
