"""The objects that can be seen, and the ids that they have in every segmentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from blendgym.blender.scenes import LoadedScene
from blendgym.images.captures import ObjectEntry

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
        loaded: Whose objects; one that is added later gets the next free id when it is first seen.

    Attributes:
        ids: By name.
    """

    def __init__(self, loaded: LoadedScene) -> None:
        self._loaded = loaded
        names = sorted(name for name, obj in loaded.objects.items() if obj.type in VISIBLE_TYPES)
        self.ids = {name: number for number, name in enumerate(names, start=1)}
        categories = sorted({category_of(loaded.objects[name], name) for name in names})
        self._category_ids = {category: number for number, category in enumerate(categories, start=1)}
        self._category_of_id = [0]

    def name_of(self, number: int) -> str:
        """The object that has an id."""
        return list(self.ids)[number - 1]

    def entries(self) -> tuple[ObjectEntry, ...]:
        """All objects of the scene that have an id."""
        return tuple(self.entry(name) for name in self.ids if name in self._loaded.objects)

    def entry(self, name: str) -> ObjectEntry:
        """What is known of an object that has an id, wherever it is."""
        obj = self._loaded.objects[name]
        category = category_of(obj, name)
        return ObjectEntry(self.ids[name], name, category, self._category_id(category), extras_of(obj))

    def category_numbers(self) -> NDArray[np.int32]:
        """(ids,), the number of the category of each id, from id 0 on."""
        for name in list(self.ids)[len(self._category_of_id) - 1 :]:
            self._category_of_id.append(self._category_id(category_of(self._loaded.objects[name], name)))
        return np.array(self._category_of_id, np.int32)

    def _category_id(self, category: str) -> int:
        return self._category_ids.setdefault(category, len(self._category_ids) + 1)

    def visible(self) -> Iterator[Instance]:
        """All that is seen in renders at this moment."""
        for instance in self._loaded.updated_depsgraph().object_instances:
            obj = instance.object
            if obj.type in VISIBLE_TYPES and instance.show_self and not obj.hide_render:
                number = self.ids.setdefault(self._loaded.name_of(obj.original), len(self.ids) + 1)
                yield Instance(number, obj, instance.matrix_world.copy())


def category_of(obj: bpy.types.Object, name: str) -> str:
    """What kind of thing an object is: its property ``category``, otherwise its name without a trailing number."""
    stem, _, number = name.rpartition(".")
    return str(obj.get("category", stem if stem and number.isdigit() else name))


def extras_of(obj: bpy.types.Object) -> dict[str, Any]:
    """The custom properties of an object that are plain values."""
    return {
        name: value for name, value in obj.items() if isinstance(value, bool | int | float | str) and name != "category"
    }
