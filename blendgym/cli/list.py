"""``blendgym list``."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Annotated, Any

import gymnasium as gym
import tyro
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from blendgym.registry import META_ID, Room, environment_spec, room_of, rooms, suite_rooms
from blendgym.spaces import Bound, Box, Dict, Space
from blendgym.task import Task, make_task, task_class

PICTURES = {"images/picture.png": "A picture", "images/animation.webp": "An episode"}
"""What a room may have to show, and what it is."""


def list_environments(
    env_id: Annotated[str | None, tyro.conf.Positional] = None, markdown: bool = False
) -> None:  # fmt: skip
    """Shows every environment, or all about one: actions, observations, rewards, parameters with bounds and units.

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
    heading = "| | environment | task | most steps | solved at | also as |\n|---|---|---|---:|---:|---|"
    return "\n".join([heading, *map(_row_of, suite_rooms())])


def _row_of(room: Room) -> str:
    home, picture = f"../envs/{room.folder.name}", next(iter(PICTURES))
    shown = f'<img src="{home}/{picture}" width="160" alt="">' if (room.folder / picture).is_file() else ""
    task = (task_class(room.entry_point).__doc__ or "").splitlines()[0]
    others = ", ".join(f"`{env_id}`" for env_id in room.variants)
    limits = f"{room.max_episode_steps} | {room.reward_threshold:g}"
    return f"| {shown} | [{room.id}]({home}/README.md) | {task} | {limits} | {others} |"


def page_of(env_id: str, pictured: bool = True) -> str:
    """The docstring of a task, in Markdown.

    Args:
        env_id: Id of the environment, or its task as module:Class.
        pictured: Whether the pictures of its room are shown, as links from the room's folder.
    """
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
    for room in rooms().values():
        _show(console, room, make_task(room.entry_point, {}))
    twins = ", ".join(room.twin_id for room in rooms().values() if room.twin)
    console.print(f"\nThe same without Blender, as NumPy twins: {twins}")
    console.print(f"Its actions are randomization parameters: {META_ID}")
    console.print("All about one, with units and bounds: blendgym list ID")


def _show(console: Console, room: Room, task: Task) -> None:
    spec = gym.spec(room.id)
    console.print(f"\n[bold]{room.id}[/]  {(type(task).__doc__ or '').splitlines()[0]}")
    console.print(f"  action       {_described(task.action_space)}")
    console.print(f"  observation  {_described(task.observation_space)}")
    console.print(
        f"  {task.control_rate:g} Hz, at most {spec.max_episode_steps} steps, solved at {spec.reward_threshold}"
    )
    if room.arguments:
        console.print(f"  made with    {_named(room.arguments)}")
    for env_id, arguments in room.variants.items():
        console.print(f"  also as      {env_id}, with {_named(arguments)}")
    groups: dict[str, list[str]] = {}
    for name, parameter in task.parameters.items():
        groups.setdefault(parameter.group, []).append(name)
    table = Table.grid(padding=(0, 2, 0, 2))
    for group, names in groups.items():
        table.add_row(group, ", ".join(names))
    console.print(table)


def _named(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


def _described(space: Space) -> str:
    """A space with its bounds in few digits."""
    if isinstance(space, Dict):
        return "Dict(" + ", ".join(f"{name}: {_described(each)}" for name, each in space.spaces.items()) + ")"
    if not isinstance(space, Box):
        return str(space)
    return f"Box({_rounded(space.low)}, {_rounded(space.high)}, {space.shape}, {space.dtype})"


def _rounded(bound: Bound) -> str:
    if isinstance(bound, tuple):
        return f"({', '.join(map(_rounded, bound))})"
    return f"{bound:.4g}"
