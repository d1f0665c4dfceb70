"""What is typed behind options: what makes no sense, or has no effect, is refused before anything begins."""

from __future__ import annotations

import inspect
import math
import mimetypes
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import tyro
from tyro.constructors import PrimitiveConstructorSpec

from blendgym.checks import LARGEST_SEED
from blendgym.errors import BlendgymError, InvalidOption
from blendgym.images.engines import DEVICES, ENGINES
from blendgym.images.passes import PASSES
from blendgym.processes import usable_processors
from blendgym.registry import environment_spec

T = TypeVar("T")

PROCESSORS = usable_processors()

LARGEST = 2**63 - 1


def _typed(metavar: str, read: Callable[[str], T], choices: Iterable[str] = ()) -> PrimitiveConstructorSpec[T]:
    """A type whose values are one word each; ``read`` raises a ValueError that says what is wrong with a word."""
    return PrimitiveConstructorSpec(
        nargs=1,
        metavar=metavar,
        instance_from_str=lambda words: read(words[0]),
        is_instance=lambda value: value is not None,
        str_from_instance=lambda value: [str(value)],
        choices=tuple(choices) or None,
    )


def _integer(lowest: int, highest: int = LARGEST) -> PrimitiveConstructorSpec[int]:
    def read(word: str) -> int:
        number = int(word)
        if number < lowest:
            raise ValueError(f"{word} is less than {lowest}")
        if number > highest:
            raise ValueError(f"{word} is more than {highest}")
        return number

    return _typed("INT", read)


def _number(is_allowed: Callable[[float], bool], allowed: str) -> PrimitiveConstructorSpec[float]:
    def read(word: str) -> float:
        number = float(word)
        if not (math.isfinite(number) and is_allowed(number)):
            raise ValueError(f"{word} is not {allowed}")
        return number

    return _typed("FLOAT", read)


def _existing_folder(word: str) -> Path:
    if not Path(word).is_dir():
        raise ValueError(f"there is no folder {word!r}")
    return Path(word)


def _check_given(word: str) -> None:
    if not word:
        raise ValueError("its name is empty")


def _output_folder(word: str) -> Path:
    _check_given(word)
    folder = Path(word)
    if not folder.is_dir() and mimetypes.guess_type(folder.name)[0]:
        raise ValueError(f"{word!r} is the name of a file; a folder is made for several of them")
    _check_writable(folder)
    return folder


def _output_file(word: str) -> Path:
    _check_given(word)
    file = Path(word)
    if file.is_dir():
        raise ValueError(f"{word!r} is a folder; a file is written")
    _check_writable(file.absolute().parent)
    return file


def _check_writable(folder: Path) -> None:
    """Looks at the folder, or at the one that it will be made in."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(place))
    if not there.is_dir():
        raise ValueError(f"{str(there)!r} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ValueError(f"nothing can be written into the folder {str(there)!r}")


def _environment(word: str) -> str:
    try:
        environment_spec(word)
    except BlendgymError as error:
        raise ValueError(str(error)) from error
    return word


_COUNT = _integer(1)
_POSITIVE = _number(lambda number: number > 0, "above 0")
_ENVIRONMENT = _typed("ID", _environment)

Count = Annotated[int, _COUNT]
"""A positive integer."""

# Not ``Count | None``: what is wrong with a word would be hidden behind all that it might have been.
MaybeCount = Annotated[int | None, _COUNT]

Amount = Annotated[int, _integer(0)]
"""An integer that is not negative."""

Seed = Annotated[int, _integer(0, LARGEST_SEED)]

Port = Annotated[int, _integer(0, 65535)]
"""Of TCP; 0 for any that is free."""

Positive = Annotated[float, _POSITIVE]
"""A finite number above 0."""

MaybePositive = Annotated[float | None, _POSITIVE]

NotNegative = Annotated[float, _number(lambda number: number >= 0, "0 or more")]
"""A finite number from 0 on."""

Share = Annotated[float, _number(lambda number: 0 <= number <= 1, "from 0 to 1")]

EngineName = Annotated[str, _typed("{" + ",".join(ENGINES) + "}", str, ENGINES)]

DeviceName = Annotated[str, _typed("{" + ",".join(DEVICES) + "}", str, DEVICES)]

PassName = Annotated[str, _typed("PASS", str, PASSES)]

EnvironmentId = Annotated[str, _ENVIRONMENT]
"""Of an environment in Blender; one's own as module:Id, or its task as module:Class."""

MaybeEnvironmentId = Annotated[str | None, _ENVIRONMENT]

ExistingFolder = Annotated[Path, _typed("DIR", _existing_folder)]

_FOLDER = _typed("DIR", _output_folder)
_FILE = _typed("FILE", _output_file)
_SHORT = tyro.conf.arg(aliases=("-o",))

OutputFolder = Annotated[Path, _FOLDER, _SHORT]
"""A folder that is there, or can be made."""

OutputFile = Annotated[Path, _FILE, _SHORT]
"""A file whose folder is there, or can be made."""

MaybeOutputFolder = Annotated[Path | None, _FOLDER, _SHORT]

MaybeOutputFile = Annotated[Path | None, _FILE, _SHORT]

MaybeFile = Annotated[Path | None, _FILE]
"""The same for one that is made beside others, and has no short name."""


def check_outputs(command: Callable[..., None], given: Mapping[str, Any]) -> None:
    """Looks at where a command will write as at what is typed, also at places that nobody has typed.

    Args:
        command: Whose options they are.
        given: The values of its options by name, defaults included.

    Raises:
        InvalidOption: If a file or folder cannot be made there.
    """
    hints = get_type_hints(command, include_extras=True)
    for name, value in given.items():
        for spec in getattr(hints[name], "__metadata__", ()):
            if value is not None and spec in (_FOLDER, _FILE):
                _look_at(name, spec, value)


def _look_at(name: str, spec: PrimitiveConstructorSpec[Path], place: Path) -> None:
    try:
        spec.instance_from_str([str(place)])
    except ValueError as error:
        raise InvalidOption(f"--{name} {place}: {error}.") from None


def refuse_without_effect(command: Callable[..., None], where: str, **given: Any) -> None:
    """Refuses options that somebody has typed in vain.

    Args:
        command: Whose options they are.
        where: They have no effect, such as "without --video".
        given: Their values, by the names of its parameters.

    Raises:
        InvalidOption: If one has another value than its default.
    """
    parameters = inspect.signature(command).parameters
    typed = [_as_typed(parameters[name]) for name, value in given.items() if value != parameters[name].default]
    if typed:
        have = "have" if len(typed) > 1 else "has"
        raise InvalidOption(f"{', '.join(typed)} {have} no effect {where}.")


def _as_typed(parameter: inspect.Parameter) -> str:
    name = parameter.name.replace("_", "-")
    return name.upper() if parameter.kind is parameter.POSITIONAL_ONLY else f"--{name}"
