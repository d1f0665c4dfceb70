"""``blendgym list``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

from blendgym.arguments import MaybeEnvironmentId
from blendgym.errors import InvalidOption
from blendgym.registry import META_ID, Room, environment_spec, room_of, rooms, suite_rooms
from blendgym.task import task_class

PICTURES = {"images/picture.png": "A picture", "images/animation.webp": "An episode"}
"""What a room may have to show, and what it is."""


def list_environments(env_id: MaybeEnvironmentId = None, /, markdown: bool = False) -> None:
    """Lists the environments, or says all about one: actions, observations, rewards, parameters with bounds and units.

    Args:
        env_id: Id of an environment (your own as module:Id), or a task as module:Class.
        markdown: Prints the page of the one environment as the text that it is, such as for a README.md; of all, the
            table in docs/suite.md.
    """
    console = Console(highlight=False)
    if env_id is None and markdown:
        console.out(overview(), highlight=False)
    elif env_id is None:
        _list_all(console)
    elif markdown:
        console.out(page_of(env_id), highlight=False)
    else:
        console.print(Markdown(page_of(env_id, pictured=False)))


def overview() -> str:
    """The environments of the suite as a table in Markdown, as docs/suite.md has it."""
    heading = "| environment | task | most steps | solved at | also as |\n|---|---|---:|---:|---|"
    return "\n".join([heading, *map(_row_of, suite_rooms())])


def _row_of(room: Room) -> str:
    home, picture = f"../envs/{room.folder.name}", next(iter(PICTURES))
    shown = f'<img src="{home}/{picture}" width="160" alt=""><br>' if (room.folder / picture).is_file() else ""
    others = ", ".join(f"`{env_id}`" for env_id in room.variants)
    limits = f"{room.max_episode_steps} | {room.reward_threshold:g}"
    return f"| {shown}[{room.id}]({home}/README.md) | {_first_line(room)} | {limits} | {others} |"


def page_of(env_id: str, pictured: bool = True) -> str:
    """The docstring of a task, in Markdown.

    Args:
        env_id: Id of the environment, or its task as module:Class.
        pictured: Whether the pictures of its room are shown, as links from the room's folder.

    Raises:
        InvalidOption: If there are no docstrings.
    """
    if sys.flags.optimize > 1:
        raise InvalidOption("Descriptions are docstrings, which python -OO leaves out; run it without -OO.")
    spec = environment_spec(env_id)
    pictures = _pictures(env_id) if pictured else ""
    return f"# {spec.id}\n\n{pictures}{inspect.getdoc(task_class(spec.kwargs['task'])) or ''}"


def _pictures(env_id: str) -> str:
    room = room_of(env_id)
    if room is None:
        return ""
    shown = [f"![{what} of {room.id}]({file})" for file, what in PICTURES.items() if (room.folder / file).is_file()]
    return "\n".join(shown) + "\n\n" if shown else ""


def _list_all(console: Console) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for room in rooms().values():
        table.add_row(f"[bold]{room.id}[/]", escape(_first_line(room)))
        for env_id, arguments in room.variants.items():
            table.add_row(env_id, f"[dim]the same, with {escape(_named(arguments))}[/]")
    table.add_row(f"[bold]{META_ID}[/]", "Teach: its actions are randomization parameters of another one.")
    console.print(table)
    twins = ", ".join(room.twin_id for room in rooms().values() if room.twin)
    console.print(f"\nWithout Blender, as NumPy twins: {twins}")
    console.print("Actions, rewards and parameters of one, with bounds and units: blendgym list ID")


def _first_line(room: Room) -> str:
    return (task_class(room.entry_point).__doc__ or "").partition("\n")[0]


def _named(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())
