"""``blendgym new``."""

from __future__ import annotations

import importlib
import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Annotated

import gymnasium as gym
import msgspec
import tyro
from rich.console import Console
from rich.markup import escape

from blendgym.arguments import refuse_without_effect
from blendgym.client.process.errands import run_errand
from blendgym.errors import InvalidOption
from blendgym.marks import read_marks
from blendgym.marks.room import write_room
from blendgym.scaffold import check_name, check_new, new_folder, title_of, write_files
from blendgym.scene_places import read_scene
from blendgym.wire.inspection import Inspection

RECIPE = "recipe.py"
"""Only rooms in which somebody acts have one."""

STILL = "Nothing acts in it, and no parameter is marked: all samples are alike. Mark some with the add-on."

SCENE_LINE = re.compile(r'    scene = "scene"  #.*')


def new(
    name: Annotated[str, tyro.conf.Positional], blend: bool = False, scene: Path | None = None,
    blender: str | None = None,
) -> None:  # fmt: skip
    """Makes an environment of your own in the current folder: scene, task, parameters, recipe, tests. It runs at once.

    Nothing is overwritten.

    Args:
        name: Of the new folder, which is a package of Python, such as my_env. Its environment is my_env:MyEnv-v0.
        blend: Saves the scene as a .blend to be edited in Blender, in place of a module that builds it.
        scene: A .blend of yours, marked with the add-on: what acts in it and differs is what was marked. The folder
            gets a copy.
        blender: A Blender executable or a Python with bpy to save the scene with, instead of the default.
    """
    if scene:
        refuse_without_effect(new, "with --scene, which is a .blend", blend=blend)
    elif not blend:
        refuse_without_effect(new, "without --blend or --scene", blender=blender)
    console, folder, env_id = Console(highlight=False, soft_wrap=True), Path(name), f"{title_of(name)}-v0"
    _check(folder, name, env_id)
    with console.status("Saving the scene …" if blend or scene else "Writing …"):
        files, faults = _of_marked(folder, scene, blender) if scene else (_built(folder, blend, blender), ())
    how = "Mend its scene.blend before you run it:" if faults else "It runs as it is; make it yours:"
    console.print(f"{env_id} is in {folder}/. {how}")
    for file in files:
        console.print(f"  {file}")
    for fault in faults:
        console.print(f"[yellow]![/] {escape(fault)}")
    acts = folder / RECIPE in files
    for command in ("list", "check", "train" if acts else "record -o pictures"):
        console.print(f"blendgym {command} {name}:{env_id}")
    console.print(f"pytest {name}")


def _check(folder: Path, name: str, env_id: str) -> None:
    """Makes sure that a folder, a package and an environment can be called so.

    Raises:
        InvalidOption: If they cannot.
    """
    check_name(name)
    check_new(folder)
    if (taken := importlib.util.find_spec(name)) is not None:
        place = taken.origin or ", ".join(taken.submodule_search_locations or ())  # A namespace is but folders.
        raise InvalidOption(f"There is a module {name!r} already, {place}. Choose another name.")
    if env_id in gym.registry:
        raise InvalidOption(f"There is an environment {env_id!r} already. Choose another name.")


def _built(folder: Path, blend: bool, blender: str | None) -> list[Path]:
    """The room whose scene is built by a module, or saved by one as what is to be edited."""
    with new_folder(folder):
        files = write_files(folder, ["every", "acting", "built"])
        if blend:
            task = f"{folder.name}.task:{title_of(folder.name)}"
            files[files.index(folder / "scene.py")] = _scene_as_blend(folder, task, blender)
    return files


def _of_marked(folder: Path, scene: Path, blender: str | None) -> tuple[list[Path], tuple[str, ...]]:
    """The room of a marked scene, and what of it cannot be used."""
    file = read_scene(scene).file

    @cache
    def inspected() -> Inspection:
        return msgspec.convert(run_errand("inspect", scene=file, blender=blender), Inspection)

    def save_scene(output: Path) -> None:
        run_errand("copy", scene=file, output=output, blender=blender)

    marks = read_marks(scene)
    files = write_room(folder, marks, inspected, save_scene)
    is_still = folder / RECIPE not in files and not marks.space
    return files, (*inspected().faults, *([STILL] if is_still else []))


def _scene_as_blend(folder: Path, task: str, blender: str | None) -> Path:
    """Saves what ``scene.py`` builds, and lets the task take that."""
    importlib.invalidate_caches()
    module, saved = folder / "scene.py", folder / "scene.blend"
    run_errand("export", task, output=saved, blender=blender)
    module.unlink()
    file = folder / "task.py"
    file.write_text(SCENE_LINE.sub('    scene = "scene.blend"  # beside this file', file.read_text()))
    return saved
