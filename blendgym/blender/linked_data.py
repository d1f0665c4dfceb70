"""What a file links from libraries becomes its own when it is loaded.

Linked data can neither be renamed nor changed, and would be one and the same in all scenes of a server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import bpy

KINDS = (
    "collections", "objects", "meshes", "curves", "metaballs", "armatures", "lattices", "lights", "cameras",
    "node_groups", "materials", "textures", "images", "particles", "actions", "worlds", "fonts", "shape_keys",
)  # fmt: skip
"""What can be linked, users before what they use, so that nothing is copied."""


def make_local() -> bool:
    """Makes all overridden and linked data local. A name that is taken gets a number, as in Blender.

    Returns:
        Whether there was any.
    """
    linked = bool(bpy.data.libraries)
    for thing in _things():
        if thing.override_library:
            thing.make_local(clear_liboverride=True)
    for thing in _things():
        if thing.library:
            thing.make_local()
    return linked


def _things() -> Iterator[Any]:
    """Everything, in an order that does not depend on how Blender keeps it."""
    for kind in KINDS:
        yield from sorted(getattr(bpy.data, kind, ()), key=_origin)


def _origin(thing: Any) -> tuple[str, str]:
    library = thing.library
    return (os.path.realpath(bpy.path.abspath(library.filepath, library=library.parent)) if library else "", thing.name)
