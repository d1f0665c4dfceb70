"""All that can be seen, and the ids that it has in every segmentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from blendgym.blender.render.visibility import UNDRAWN_TYPES, VISIBLE_TYPES
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError
from blendgym.images.captures import ObjectEntry

HOLDOUT = 0
"""The id of what hides others and shows nothing: that of the background."""

Key = str | tuple[str, str, tuple[int, ...]]
"""The name of an object, or the names of an instancer and of what it shows, with the numbers that Blender gives it."""

_UNUSED = 2147483647  # What Blender fills persistent ids with.


class Instance(NamedTuple):
    """One appearance of an object.

    Args:
        id: Its own.
        object: Evaluated, with a mesh; valid until the scene changes.
        pose: From the object's frame to the world's.
    """

    id: int
    object: bpy.types.Object
    pose: Matrix


class Source(NamedTuple):
    """What an id stands for.

    Args:
        name: Of the object; of an instance also its instancer's, such as ``"Forest/Tree.003"``.
        object: The object.
        instancer: What multiplies it, or ``None``.
    """

    name: str
    object: bpy.types.Object
    instancer: bpy.types.Object | None


class Instances:
    """Gives everything that can be seen an id, from 1 on: objects in the order of their names, then their instances.

    Args:
        loaded: The scene. What appears in it later gets the next free ids, in the order in which it is first seen.
    """

    def __init__(self, loaded: LoadedScene) -> None:
        self._loaded = loaded
        self._ids: dict[Key, int] = {}
        self._sources: list[Source] = []
        self._names: Counter[str] = Counter()
        for name in sorted(name for name, obj in loaded.objects.items() if obj.type in VISIBLE_TYPES):
            self._add(name, Source(name, loaded.objects[name], None))
        with suppress(RenderError):  # Whoever needs no pictures need not mind.
            for _ in self.visible():
                pass  # Numbers what is multiplied.
        self._built, self._built_names = len(self._ids), self._names.copy()
        categories = sorted({self._category(source) for source in self._sources})
        self._category_ids = {category: number for number, category in enumerate(categories, start=1)}
        self._built_categories = self._category_ids.copy()
        self._category_of_id = [0]

    def begin(self) -> None:
        """Forgets what earlier episodes have shown beyond the scene as it was built."""
        for key in list(self._ids)[self._built :]:
            del self._ids[key]
        del self._sources[self._built :]
        del self._category_of_id[self._built + 1 :]
        self._names = self._built_names.copy()
        self._category_ids = self._built_categories.copy()
        for name, obj in self._loaded.objects.items():
            if obj.type in VISIBLE_TYPES and name not in self._ids:
                self._add(name, Source(name, obj, None))

    @property
    def is_as_built(self) -> bool:
        """Whether nothing has an id beyond the scene as it was built."""
        return len(self) == self._built

    def __len__(self) -> int:
        return len(self._sources)

    def id_of(self, name: str) -> int:
        """The id of an object, or 0."""
        return self._ids.get(name, 0)

    def is_multiplied(self, number: int) -> bool:
        """Whether an id is that of an instance."""
        return number != HOLDOUT and self._sources[number - 1].instancer is not None

    def entries(self) -> tuple[ObjectEntry, ...]:
        """Everything that has an id."""
        return tuple(map(self.entry, range(1, len(self) + 1)))

    def entry(self, number: int) -> ObjectEntry:
        """What has an id."""
        source = self._sources[number - 1]
        category = self._category(source)
        return ObjectEntry(number, source.name, category, self._category_id(category), _extras(source.object))

    def category_numbers(self) -> NDArray[np.int32]:
        """(ids,), the number of the category of each id, from id 0 on."""
        for source in self._sources[len(self._category_of_id) - 1 :]:
            self._category_of_id.append(self._category_id(self._category(source)))
        return np.array(self._category_of_id, np.int32)

    def visible(self) -> Iterator[Instance]:
        """All that is seen at this moment. A holdout has the id of the background.

        Raises:
            RenderError: If there is something that cannot be drawn.
        """
        for instance in self._loaded.updated_depsgraph().object_instances:
            obj = instance.object
            kind = obj.type
            if kind in UNDRAWN_TYPES or (instance.show_particles and _is_hairy(obj)):
                _refuse(self._loaded.name_of(obj.original), kind)
            # Blender shows curves, texts, surfaces and metaballs a second time, as meshes.
            if kind == "MESH" and instance.show_self and obj.visible_camera:
                instancer = instance.parent if instance.is_instance else None
                if instancer is None or instancer.visible_camera:
                    yield Instance(self._id(instance, obj, instancer), obj, instance.matrix_world.copy())

    def _id(
        self, instance: bpy.types.DepsgraphObjectInstance, obj: bpy.types.Object, instancer: bpy.types.Object | None
    ) -> int:
        if obj.is_holdout or (instancer is not None and instancer.is_holdout):
            return HOLDOUT
        name = self._loaded.name_of(obj.original)
        if instancer is None:
            return self._ids.get(name) or self._add(name, Source(name, obj.original, None))
        numbers = tuple(instance.persistent_id)
        if instancer.original == obj.original and numbers[1] == _UNUSED:
            return self._ids.get(name) or self._add(name, Source(name, obj.original, None))
        key = self._loaded.name_of(instancer.original), name, numbers
        return self._ids.get(key) or self._add(key, self._source(key[0], obj, instancer))

    def _source(self, owner: str, obj: bpy.types.Object, instancer: bpy.types.Object) -> Source:
        """A new instance. What geometry nodes have made themselves has only a mesh with a name."""
        shown = obj.data.name if instancer.original == obj.original else self._loaded.name_of(obj.original)
        base = f"{owner}/{shown}"
        self._names[base] += 1
        name = base if self._names[base] == 1 else f"{base}.{self._names[base] - 1:03}"
        return Source(name, obj.original, instancer.original)

    def _add(self, key: Key, source: Source) -> int:
        self._sources.append(source)
        self._ids[key] = len(self._sources)
        return len(self._sources)

    def _category(self, source: Source) -> str:
        owners = (source.object, source.instancer) if source.instancer else (source.object,)
        for owner in owners:
            if "category" in owner:
                return str(owner["category"])
        name = self._loaded.name_of(source.object)
        stem, _, number = name.rpartition(".")
        return stem if stem and number.isdigit() else name

    def _category_id(self, category: str) -> int:
        return self._category_ids.setdefault(category, len(self._category_ids) + 1)


def _extras(obj: bpy.types.Object) -> dict[str, Any]:
    """The custom properties of an object that are plain values."""
    return {
        name: value for name, value in obj.items() if isinstance(value, bool | int | float | str) and name != "category"
    }


def _is_hairy(obj: bpy.types.Object) -> bool:
    settings = (system.settings for system in obj.particle_systems)
    return any(each.type == "HAIR" and each.render_type == "PATH" for each in settings)


def _refuse(name: str, kind: str) -> None:
    shown = "hair" if kind in ("MESH", "CURVES") else kind.lower()
    raise RenderError(
        f"Object {name!r} shows {shown}, which has no annotations and which only Blender's own engines draw. Convert "
        "it to a mesh in Blender (Object > Convert), or hide it from renders."
    )
