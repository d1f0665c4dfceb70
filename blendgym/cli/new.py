"""``blendgym new``."""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import re
import shutil
from pathlib import Path
from typing import Annotated

import gymnasium as gym
import tyro
from rich.console import Console

from blendgym.arguments import refuse_without_effect
from blendgym.client.process.errands import run_errand
from blendgym.errors import InvalidOption

TEMPLATE = Path(__file__).parent / "template" / "my_env"
"""A room that works, under names which those of the new one take the place of."""

SCENE_LINE = re.compile(r'    scene = "scene"  #.*')


def new(name: Annotated[str, tyro.conf.Positional], blend: bool = False, blender: str | None = None) -> None:
    """Makes an environment of your own in the current folder: scene, task, parameters, recipe, tests. It runs at once.

    Nothing is overwritten.

    Args:
        name: Of the new folder, which is a package of Python, such as my_env. Its environment is my_env:MyEnv-v0.
        blend: Saves the scene as a .blend to be edited in Blender, in place of a module that builds it.
        blender: A Blender executable or a Python with bpy for that, instead of the default.
    """
    if not blend:
        refuse_without_effect(new, "without --blend", blender=blender)
    console, folder = Console(highlight=False, soft_wrap=True), Path(name)
    title = "".join(part.capitalize() for part in name.split("_"))
    _check_name(name, f"{title}-v0")
    folder.mkdir()
    try:
        files = [_written(file, folder, name, title) for file in _templates()]
        if blend:
            with console.status("Saving the scene …"):
                files[files.index(folder / "scene.py")] = _scene_as_blend(folder, f"{name}.task:{title}", blender)
    except BaseException:
        shutil.rmtree(folder)
        raise
    console.print(f"{title}-v0 is in {folder}/. It runs as it is; make it yours:")
    for file in files:
        console.print(f"  {file}")
    for command in ("list", "check", "train"):
        console.print(f"blendgym {command} {name}:{title}-v0")
    console.print(f"pytest {name}")


def _check_name(name: str, env_id: str) -> None:
    """Makes sure that a folder, a package and an environment can be called so.

    Raises:
        InvalidOption: If they cannot.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise InvalidOption(
            f"{name!r} cannot be the name of a package of Python; expected small letters, digits and underscores, such "
            "as my_env, for a folder in the current one."
        )
    if Path(name).exists():
        raise InvalidOption(f"{name!r} exists here already, and is not overwritten. Choose another name.")
    if (taken := importlib.util.find_spec(name)) is not None:
        place = taken.origin or ", ".join(taken.submodule_search_locations or ())  # A namespace is but folders.
        raise InvalidOption(f"There is a module {name!r} already, {place}. Choose another name.")
    if env_id in gym.registry:
        raise InvalidOption(f"There is an environment {env_id!r} already. Choose another name.")


def _templates() -> list[Path]:
    return sorted(file for file in TEMPLATE.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _written(template: Path, folder: Path, name: str, title: str) -> Path:
    file = folder / str(template.relative_to(TEMPLATE)).replace("my_env", name)
    file.parent.mkdir(exist_ok=True)
    file.write_text(template.read_text().replace("my_env", name).replace("MyEnv", title))
    return file


def _scene_as_blend(folder: Path, task: str, blender: str | None) -> Path:
    """Saves what ``scene.py`` builds, and lets the task take that."""
    importlib.invalidate_caches()
    module, saved = folder / "scene.py", folder / "scene.blend"
    run_errand("export", task, output=saved, blender=blender)
    module.unlink()
    file = folder / "task.py"
    file.write_text(SCENE_LINE.sub('    scene = "scene.blend"  # beside this file', file.read_text()))
    return saved
