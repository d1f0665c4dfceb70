"""Where the marks of an open scene are kept: in custom properties, which are saved with the file."""

from __future__ import annotations

from typing import Any

import bpy

from blendgym.errors import InvalidMarks
from blendgym.marks import Marks
from blendgym.marks.marks import PROPERTY, decode, encode

CATEGORY = "category"
"""The custom property by which objects say what annotations call them."""


def marks_of(scene: bpy.types.Scene) -> Marks:
    """What is marked in a scene.

    Raises:
        InvalidMarks: If it cannot be read; it stays as it is.
    """
    text = scene.get(PROPERTY)
    if text is None:
        return Marks()
    return decode(text if isinstance(text, str) else "", f"scene {scene.name!r}")


def keep_marks(scene: bpy.types.Scene, marks: Marks) -> None:
    """Lets a scene keep these marks in place of those that it has.

    Raises:
        InvalidMarks: If the scene is linked from another file.
    """
    set_property(scene, PROPERTY, encode(marks) if marks != Marks() else "")


def set_property(thing: bpy.types.ID, key: str, value: Any) -> None:
    """Gives a thing a custom property, or takes it away if the value is nothing.

    Raises:
        InvalidMarks: If the thing is linked from another file.
    """
    require_local(thing)
    if value:
        thing[key] = value
    elif key in thing:
        del thing[key]


def require_local(thing: bpy.types.ID) -> None:
    """Makes sure that what is marked is kept in this file.

    Raises:
        InvalidMarks: If the thing is linked from another.
    """
    if thing.library:
        raise InvalidMarks(
            f"{thing.name!r} is linked from {thing.library.filepath}. Mark it in that file, or make it local here: "
            "Object > Relations > Make Local."
        )
