"""Names that are asked for and are not there."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from blendgym.errors import TaskNotFound

MOST = 30
"""Of the names that a message lists."""


def missing(kind: str, name: str, known: Iterable[str], owner: str = "The scene") -> str:
    """Says that there is no such thing, which there are, and which one was meant perhaps.

    Args:
        kind: Of the thing, such as ``"joint"``.
        name: That was asked for.
        known: The names that there are.
        owner: What they are names in; it begins the message.
    """
    names = list(known)
    return f"{owner} has no {kind} {name!r}; it has {listed(names)}.{did_you_mean(name, names)}"


def listed(known: Iterable[str]) -> str:
    """The names that there are, in a line, but not more than a few."""
    names = list(known)
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return (", ".join(names[:MOST]) or "none at all") + more


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question for the most similar name, after a space; empty if none is similar."""
    alike = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.lower(), alike, n=1)
    return f" Did you mean {alike[close[0]]!r}?" if close else ""


def split_task(name: str) -> tuple[str, str]:
    """The module and the class of a task that is named as ``module:Class``.

    Raises:
        TaskNotFound: If it is named otherwise, such as by its file.
    """
    module, _, class_name = str(name).partition(":")
    if not (is_module(module) and class_name.isidentifier()):
        raise TaskNotFound(
            f"A task is named as 'module:Class', its module as import takes it: 'door:Door' is the class Door of "
            f"door.py in the current folder, or in another one of Python's path; got {name!r}."
        )
    return module, class_name


def name_of_class(kind: type) -> str:
    """A class as ``module:Class``."""
    return f"{kind.__module__}:{kind.__qualname__}"


def class_named(name: str) -> Any:
    """The class that ``module:Class`` names."""
    module, _, class_name = name.partition(":")
    return getattr(importlib.import_module(module), class_name)


def is_module(name: str) -> bool:
    """Whether a name may be one of a module, and not that of a file."""
    return name != "" and not name.startswith(".") and not name.endswith(".py") and "/" not in name


def namesake(module: str) -> str:
    """What to do if a module lies in a folder for which Python takes another one of its name.

    Args:
        module: Dotted name, which could not be imported.

    Returns:
        A sentence after a space; empty if that is not why.
    """
    top, *rest = module.split(".")
    taken = getattr(sys.modules.get(top), "__file__", None)
    if not (taken and rest):
        return ""
    for entry in sys.path:
        folder = Path(entry).absolute() / top
        if folder != Path(taken).parent and _holds(folder, rest):
            cure = "" if _is_first(taken, entry, top) else "put an __init__.py there, or "
            return f" Python takes {top!r} from {taken}, not from {folder}: {cure}call it otherwise."
    return ""


def _holds(folder: Path, parts: list[str]) -> bool:
    """Whether there is a module or package of that name in a folder."""
    place = folder.joinpath(*parts)
    return place.with_name(f"{place.name}.py").is_file() or place.is_dir()


def _is_first(taken: str, entry: str, top: str) -> bool:
    """Whether a module is found before what lies at an entry of Python's path, whatever is there."""
    file = Path(taken)
    root = str(file.parents[1] if file.stem == "__init__" else file.parent)
    return top in sys.stdlib_module_names or root in sys.path[: sys.path.index(entry)]
