"""Rooms out of templates: files under names that those of the new room take the place of."""

from __future__ import annotations

import keyword
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from blendgym.errors import InvalidOption

TEMPLATE = Path(__file__).parent / "template"
"""A folder for each part of a room: what every one has, what those have in which somebody acts, and so on."""

NOTHING: Mapping[str, str] = MappingProxyType({})


def title_of(name: str) -> str:
    """The name of the class of a room: ``MyEnv`` for ``my_env``."""
    return "".join(part.capitalize() for part in name.split("_"))


def check_name(name: str) -> None:
    """Makes sure that a package can be called so.

    Raises:
        InvalidOption: If it cannot.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise InvalidOption(
            f"{name!r} cannot be the name of a package of Python; expected small letters, digits and underscores, such "
            "as my_env."
        )


def check_new(folder: Path) -> None:
    """Makes sure that a room can be made there.

    Raises:
        InvalidOption: If a package cannot be called like the folder, or it exists.
    """
    check_name(folder.name)
    if folder.exists():
        raise InvalidOption(f"{str(folder)!r} exists already, and is not overwritten. Choose another name.")


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill; whatever fails meanwhile leaves nothing of it behind."""
    folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        raise


def write_files(folder: Path, parts: Sequence[str], facts: Mapping[str, str] = NOTHING) -> list[Path]:
    """Writes the files of a room.

    Args:
        folder: The folder of the room, whose name is that of the package.
        parts: Of the template; each adds files of its own.
        facts: What of the templates differs: their words, and what takes their place.

    Returns:
        The files, in the order of their names.
    """
    name = folder.name
    words = {"my_env": name, "MyEnv": title_of(name), **facts}
    written = []
    for template, inside in _templates(parts):
        file = folder / inside.replace("my_env", name)
        file.parent.mkdir(exist_ok=True)
        text = template.read_text(encoding="utf-8")
        for word, own in words.items():
            text = text.replace(word, own)
        file.write_text(text, encoding="utf-8")
        written.append(file)
    return sorted(written)


def _templates(parts: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Files, and where in a room they belong."""
    for part in parts:
        room = TEMPLATE / part / "my_env"
        for file in room.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file, str(file.relative_to(room))
