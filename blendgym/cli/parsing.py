"""What is typed, as a call of a command."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union

import tyro

from blendgym.arguments import check_outputs
from blendgym.cli.terminal import wrapped_output

Command = Callable[..., None]


@dataclass(frozen=True)
class Group:
    """Commands under a common name.

    Args:
        title: What they have in common.
        commands: By name.
    """

    title: str
    commands: Mapping[str, Command]


def parse(
    commands: Mapping[str, Command | Group], arguments: Sequence[str] | None, description: str
) -> Callable[[], None]:
    """The command that is asked for, with its arguments. It is not called yet: its errors are not those of typing.

    Args:
        commands: By name.
        arguments: What is typed behind the name of the program; ``None`` for what was.
        description: Of the program.
    """
    with wrapped_output():
        chosen: Callable[[], None] = tyro.cli(
            _one_of(commands), prog="blendgym", description=description, args=arguments
        )
    return chosen


def _one_of(commands: Mapping[str, Command | Group]) -> Any:
    """The type whose values are calls of one of the commands."""
    subcommands = [
        Annotated[Any, tyro.conf.subcommand(name, constructor=_constructor(command))]
        for name, command in commands.items()
    ]
    return Union[tuple(subcommands)]  # noqa: UP007 (of as many as there are)


def _constructor(command: Command | Group) -> Callable[..., Callable[[], None]]:
    if isinstance(command, Group):
        return _chooser(command)

    @functools.wraps(command)
    def prepare(*arguments: Any, **options: Any) -> Callable[[], None]:
        check_outputs(command, inspect.signature(command).bind(*arguments, **options).arguments)
        return functools.partial(command, *arguments, **options)

    return prepare


def _chooser(group: Group) -> Callable[..., Callable[[], None]]:
    def choose(command: Callable[[], None]) -> Callable[[], None]:
        return command

    choose.__annotations__ = {"command": Annotated[_one_of(group.commands), tyro.conf.arg(name="")]}
    choose.__doc__ = group.title
    return choose
