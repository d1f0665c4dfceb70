"""What stands in a scene for one episode: copies of templates, as ``Task.layout`` describes them. No ``bpy`` here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from blendgym.errors import SceneError
from blendgym.world import ZERO, Pose

MAX_ITEMS = 10_000

ItemPose = Pose | Any


class Item(NamedTuple):
    """One object of an episode.

    Args:
        template: Name of the object that it is a copy of, one of ``Task.templates``.
        pose: Where it stands when the episode begins: a ``Pose``, or a 4×4 matrix.
        name: By which bodies, ids and poses know it; empty for that of the template with a number, ``"Crate.003"``.
        scale: Factor of the template's size: one number, or one for each of the object's own axes.
        mass: In kg; ``None`` for the density of the template, so that twice the size is eight times the mass.
        velocity: Of a dynamic body, in m/s, in the frame of the world.
        angular_velocity: Of a dynamic body, in rad/s, in the frame of the world.
        material: Name of a material of the scene in place of the template's; ``None`` for the template's own.
        category: What segmentations by category take it for; ``None`` for what they take the template for.
    """

    template: str
    pose: ItemPose = Pose(ZERO)
    name: str = ""
    scale: Any = 1.0
    mass: float | None = None
    velocity: Any = ZERO
    angular_velocity: Any = ZERO
    material: str | None = None
    category: str | None = None


def checked_layout(items: Iterable[Item], templates: Sequence[str], taken: Mapping[str, Any]) -> list[Item]:
    """The items of a layout, each with a name of its own.

    Args:
        items: As ``Task.layout`` gave them.
        templates: Names that they may be copies of.
        taken: Names of the objects that stand in the scene in every episode.

    Raises:
        SceneError: With all that is wrong with them: unknown templates, names that stand twice, scales, masses or
            numbers that no body can have, or too many of them.
    """
    numbers: Counter[str] = Counter()
    named, problems = [], []
    for item in items:
        if not isinstance(item, Item):
            raise SceneError(f"Task.layout() gives Items (blendgym.layout.Item), got {item!r:.80}.")
        numbers[item.template] += 1
        if not item.name:
            item = item._replace(name=f"{item.template}.{numbers[item.template]:03d}")
        named.append(item)
        if len(named) > MAX_ITEMS:
            raise SceneError(f"A layout has at most {MAX_ITEMS} items; Task.layout() gave more.")
        problems += _problems(item, templates)
    counts = Counter(item.name for item in named)
    problems += [f"the name {name!r} stands {count} times" for name, count in counts.items() if count > 1]
    problems += [f"the name {name!r} is that of an object of the scene" for name in counts if name in taken]
    if problems:
        raise SceneError("Task.layout() asks for what cannot be: " + "; ".join(problems) + ".")
    return named


def scales_of(item: Item) -> tuple[float, float, float]:
    """The factors of the template's size along the object's own axes."""
    x, y, z = np.broadcast_to(np.asarray(item.scale, np.float64), (3,)).tolist()
    return x, y, z


def _problems(item: Item, templates: Sequence[str]) -> list[str]:
    where = f"of {item.name!r}"
    problems = []
    if item.template not in templates:
        known = ", ".join(map(repr, templates)) or "none at all"
        problems.append(f"there is no template {item.template!r} (Task.templates has {known})")
    try:
        if not all(math.isfinite(factor) and factor > 0 for factor in scales_of(item)):
            problems.append(f"the scale {where} is {item.scale}, expected positive numbers")
    except (TypeError, ValueError):
        problems.append(f"the scale {where} is {item.scale!r}, expected one number or three")
    if item.mass is not None and not (math.isfinite(item.mass) and item.mass > 0):
        problems.append(f"the mass {where} is {item.mass} kg, expected a positive number")
    return problems
