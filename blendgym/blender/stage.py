"""The scene of one episode: what was built, and copies of its templates as a layout says."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import bpy
from mathutils import Matrix

from blendgym.blender.physics.poses import matrix_of
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError
from blendgym.faults import Faults
from blendgym.layout import Item, checked_layout, scales_of
from blendgym.names import missing


class Stage:
    """Sets a scene up for episodes that each have another layout.

    Copies are made once and used again: those that an episode does not need leave the scene, but stay in Blender. So a
    new layout takes about as long as its objects take to be placed, and nothing of the one before is left.

    Args:
        loaded: The scene as it was built. Its templates leave it.
        templates: Names of the objects that layouts have copies of.

    Raises:
        SceneError: If the scene has no object of such a name.
    """

    def __init__(self, loaded: LoadedScene, templates: Sequence[str]) -> None:
        self._loaded = loaded
        self._templates = {name: _Template(loaded, name) for name in templates}
        self._items = bpy.data.collections.new("Layout")
        if templates:
            loaded.scene.collection.children.link(self._items)
        self._standing: list[str] = []

    @property
    def objects(self) -> dict[str, bpy.types.Object]:
        """All that the last layout has set up, by name."""
        return {name: self._loaded.objects[name] for name in self._standing}

    def lay_out(self, items: Iterable[Item]) -> list[Item]:
        """Clears the scene of the last layout, and sets up another one.

        Returns:
            The items, each with its name.

        Raises:
            SceneError: If the layout asks for what cannot be; the last one stands then.
        """
        built = {name: obj for name, obj in self._loaded.objects.items() if name not in self._standing}
        chosen = checked_layout(items, tuple(self._templates), built)
        poses, masses = self._checked(chosen)
        self._clear()
        used: Counter[str] = Counter()
        for item, pose, mass in zip(chosen, poses, masses, strict=True):
            self._set_up(item, pose, mass, self._templates[item.template].copy_number(used[item.template]))
            used[item.template] += 1
        return chosen

    def _checked(self, items: Sequence[Item]) -> tuple[list[Matrix], list[float]]:
        """Poses and masses of items.

        Raises:
            SceneError: With all that the scene or Blender cannot give them.
        """
        faults = Faults("Task.layout()", SceneError)
        poses, masses = [], []
        for item in items:
            with faults.collected():
                self._require_material(item)
            with faults.collected():
                poses.append(matrix_of(item.pose, repr(item.name)))
            with faults.collected():
                masses.append(self._templates[item.template].mass_of(item))
        faults.report()
        return poses, masses

    def _require_material(self, item: Item) -> None:
        if item.material is not None and item.material not in self._loaded.materials:
            known = ", ".join(self._loaded.materials) or "none at all"
            raise SceneError(f"{item.name!r} asks for material {item.material!r}; the scene has {known}.")

    def _clear(self) -> None:
        for name in self._standing:
            obj = self._loaded.remove(name)
            for collection in tuple(obj.users_collection):
                collection.objects.unlink(obj)
        self._standing.clear()

    def _set_up(self, item: Item, pose: Matrix, mass: float, family: Sequence[tuple[str, bpy.types.Object]]) -> None:
        physics = self._loaded.scene.rigidbody_world
        template = self._templates[item.template]
        for part, obj in family:
            name = f"{item.name}/{part}" if part else item.name
            self._items.objects.link(obj)
            if obj.rigid_body is not None:
                physics.collection.objects.link(obj)
            self._loaded.add(name, obj)
            self._standing.append(name)
        root = family[0][1]
        root.matrix_world = pose @ Matrix.Diagonal((*template.scaled(scales_of(item)), 1.0))
        if root.rigid_body is not None:
            root.rigid_body.mass = mass
        self._dress(root, item)

    def _dress(self, obj: bpy.types.Object, item: Item) -> None:
        template = self._templates[item.template].object
        category = item.category or template.get("category", item.template)
        if obj.get("category") != category:
            obj["category"] = category
        material = None if item.material is None else self._loaded.materials[item.material]
        for slot in obj.material_slots:
            slot.link = "DATA" if material is None else "OBJECT"
            if material is not None:
                slot.material = material


class _Template:
    """An object with its children, of which there can be any number of copies.

    Args:
        loaded: The scene, which it leaves.
        name: Of the object.
    """

    def __init__(self, loaded: LoadedScene, name: str) -> None:
        if name not in loaded.objects:
            raise SceneError(missing("object", name, loaded.objects) + " Task.templates names it.")
        self.object = loaded.objects[name]
        self._family = [("", self.object), *((loaded.name_of(obj), obj) for obj in self.object.children_recursive)]
        self._body = self.object.rigid_body
        self._mass = float(self._body.mass) if self._body else 0.0
        self._scale = self.object.matrix_world.to_scale()
        self._copies: list[list[tuple[str, bpy.types.Object]]] = []
        for part, obj in self._family:
            if part and obj.rigid_body and self.object.rigid_body.collision_shape != "COMPOUND":
                raise SceneError(
                    f"Template {name!r} has a child {part!r} that is a body of its own. Make the collision shape of "
                    "the template 'Compound', or take the rigid body off the child."
                )
        for part, obj in self._family:
            loaded.remove(part or name)
            obj.use_fake_user = True
            for collection in tuple(obj.users_collection):
                collection.objects.unlink(obj)

    def mass_of(self, item: Item) -> float:
        """The mass of a copy in kg, by density unless it is given; 0 if it is no body.

        Raises:
            SceneError: If Blender does not take it, or it is given to what is no body.
        """
        if not self._body:
            if item.mass is None:
                return 0.0
            raise SceneError(
                f"{item.name!r} has a mass of {item.mass:g} kg, but its template {item.template!r} is no body. Give "
                "the template a rigid body, or leave the mass out."
            )
        mass = self._mass * math.prod(scales_of(item)) if item.mass is None else float(item.mass)
        allowed = self._body.bl_rna.properties["mass"]
        if not allowed.hard_min <= mass <= allowed.hard_max:
            source = ", by its size and the density of its template" if item.mass is None else ""
            raise SceneError(
                f"The mass of {item.name!r} would be {mass:g} kg{source}; Blender takes {allowed.hard_min:g} to "
                f"{allowed.hard_max:g}. Give it another mass."
            )
        return mass

    def scaled(self, factors: Sequence[float]) -> tuple[float, ...]:
        """The scale of a copy whose size is that of the template times some factors."""
        return tuple(own * factor for own, factor in zip(self._scale, factors, strict=True))

    def copy_number(self, number: int) -> list[tuple[str, bpy.types.Object]]:
        """One of the copies, with its children: their names within the template, and the objects."""
        while len(self._copies) <= number:
            self._copies.append(self._copied())
        return self._copies[number]

    def _copied(self) -> list[tuple[str, bpy.types.Object]]:
        copies: dict[Any, bpy.types.Object] = {}
        for _, obj in self._family:
            copy = copies[obj] = obj.copy()
            copy.use_fake_user = True
            copy.parent = copies.get(obj.parent)
        return [(part, copies[obj]) for part, obj in self._family]
