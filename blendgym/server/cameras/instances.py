"""The objects that can be seen, and the ids that they have in every segmentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import bpy
from mathutils import Matrix

from blendgym.protocol.capture import ObjectEntry

VISIBLE_TYPES = ("MESH", "CURVE", "SURFACE", "META", "FONT")


class Instance(NamedTuple):
    """One appearance of an object.

    Args:
        id: Of the object; all its instances have the same.
        object: The object as evaluated, with modifiers; valid until the scene changes.
        pose: From the object's frame to the world's.
    """

    id: int
    object: bpy.types.Object
    pose: Matrix


class Instances:
    """Gives every object that can be seen an id, from 1 on, in the order of their names.

    Args:
        scene: Whose objects; one that is added later gets the next free id when it is first seen.

    Attributes:
        ids: By name.
    """

    def __init__(self, scene: bpy.types.Scene) -> None:
        names = sorted(obj.name for obj in scene.objects if obj.type in VISIBLE_TYPES)
        self.ids = {name: number for number, name in enumerate(names, start=1)}

    def name_of(self, number: int) -> str:
        """The object that has an id."""
        return list(self.ids)[number - 1]

    def entries(self, scene: bpy.types.Scene) -> tuple[ObjectEntry, ...]:
        """All objects of a scene that have an id."""
        # Not by scene.objects[name], for which Blender goes over all objects.
        objects = {obj.name: obj for obj in scene.objects}
        return tuple(
            ObjectEntry(number, name, category_of(objects[name]), extras_of(objects[name]))
            for name, number in self.ids.items()
            if name in objects
        )

    def visible(self, depsgraph: bpy.types.Depsgraph) -> Iterator[Instance]:
        """All that is seen in renders at this moment."""
        for instance in depsgraph.object_instances:
            obj = instance.object
            if obj.type in VISIBLE_TYPES and instance.show_self and not obj.hide_render:
                number = self.ids.setdefault(obj.name, len(self.ids) + 1)
                yield Instance(number, obj, instance.matrix_world.copy())


def category_of(obj: bpy.types.Object) -> str:
    """What kind of thing an object is: its property ``category``, otherwise its name without a trailing number."""
    stem, _, number = str(obj.name).rpartition(".")
    return str(obj.get("category", stem if stem and number.isdigit() else obj.name))


def extras_of(obj: bpy.types.Object) -> dict[str, Any]:
    """The custom properties of an object that are plain values."""
    return {
        name: value for name, value in obj.items() if isinstance(value, bool | int | float | str) and name != "category"
    }
