"""``blendgym export-scene``."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from blendgym.arguments import EnvironmentId, OutputFile
from blendgym.client.process.errands import run_errand
from blendgym.client.settings import Settings
from blendgym.errors import InvalidOption
from blendgym.keywords import parse_keywords
from blendgym.registry import environment_spec


def export_scene(
    env_id: EnvironmentId, /, output: OutputFile, options: tuple[str, ...] = (), blender: str | None = None,
) -> None:  # fmt: skip
    """Saves the scene of an environment as a .blend, to be opened, played and edited in Blender.

    The environment takes place in what you have edited with scene=. Nothing is overwritten.

    Args:
        env_id: Id of the environment (your own as module:Id), or a task as module:Class.
        output: The .blend to save.
        options: Arguments of the environment and the task, as name=value.
        blender: A Blender executable or a Python with bpy, instead of the default.
    """
    console = Console(highlight=False, soft_wrap=True)
    settings = Settings(**{**environment_spec(env_id).kwargs, **parse_keywords(options)})
    _check_output(output)
    with console.status(f"Saving {output} …"):
        run_errand("export", settings.task_name, settings.options, output=output, blender=blender)
    console.print(f"Saved {output}. Edit it in Blender, keep the names of what the task uses, and run it:")
    console.print(f"  gym.make({env_id!r}, scene={str(output)!r})", markup=False)


def _check_output(file: Path) -> None:
    if file.suffix != ".blend":
        raise InvalidOption(f"The scene is saved as a .blend; {str(file)!r} ends otherwise.")
    if file.exists():
        raise InvalidOption(f"{str(file)!r} exists, and is not overwritten. Remove it, or choose another name.")
    if not file.absolute().parent.is_dir():
        raise InvalidOption(f"There is no folder {str(file.parent)!r} for {file.name!r}; make it first.")
