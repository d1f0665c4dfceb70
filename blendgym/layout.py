"""What stands in a scene for one episode: copies of templates, as ``Task.layout`` describes them. No ``bpy`` here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from blendgym.errors import SceneError
from blendgym.world import ZERO, Pose

MAX_ITEMS = 10_000
MAX_SCALE = 1e6
TEXTS = {"name": str, "category": str | None, "material": str | None}

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
    if isinstance(items, Item) or not isinstance(items, Iterable):
        raise SceneError(f"Task.layout() gives a list of Items, or yields them one by one; got {items!r:.80}.")
    numbers: Counter[str] = Counter()
    named: list[Item] = []
    problems: list[str] = []
    for item in items:
        if not isinstance(item, Item):
            raise SceneError(f"Task.layout() gives Items (blendgym.layout.Item), got {item!r:.80}.")
        if len(named) == MAX_ITEMS:
            raise SceneError(f"A layout has at most {MAX_ITEMS} items; Task.layout() gave more.")
        template = str(item.template)
        numbers[template] += 1
        if item.name == "":
            item = item._replace(name=f"{template}.{numbers[template]:03d}")
        named.append(item)
        problems += _problems(item, templates)
    counts = Counter(item.name for item in named if isinstance(item.name, str))
    problems += [f"{count} of them are called {name!r}" for name, count in counts.items() if count > 1]
    problems += [f"the name {name!r} is that of an object of the scene" for name in counts if name in taken]
    if problems:
        raise SceneError("Task.layout() asks for what cannot be: " + "; ".join(problems) + ".")
    return named


def scales_of(item: Item) -> tuple[float, float, float]:
    """The factors of the template's size along the object's own axes."""
    x, y, z = np.broadcast_to(np.asarray(item.scale, np.float64), (3,)).tolist()
    return x, y, z


def _problems(item: Item, templates: Sequence[str]) -> Iterator[str]:
    where = f"of {item.name!r}"
    if item.template not in templates:
        known = ", ".join(map(repr, templates)) or "none at all"
        yield f"there is no template {item.template!r} (Task.templates has {known})"
    yield from (
        f"the {what} {where} is {getattr(item, what)!r}, expected a text"
        for what, kinds in TEXTS.items()
        if not isinstance(getattr(item, what), kinds)
    )
    if not (_are_finite(item.scale, ()) or _are_finite(item.scale, (3,))):
        yield f"the scale {where} is {item.scale!r}, expected one number or three"
    elif not all(1.0 / MAX_SCALE <= factor <= MAX_SCALE for factor in scales_of(item)):
        yield f"the scale {where} is {item.scale}, expected positive numbers, from {1.0 / MAX_SCALE:g} to {MAX_SCALE:g}"
    if item.mass is not None and not (_are_finite(item.mass, ()) and item.mass > 0):
        yield f"the mass {where} is {item.mass!r} kg, expected a positive number"
    yield from (
        f"the {what.replace('_', ' ')} {where} is {getattr(item, what)!r}, expected three finite numbers"
        for what in ("velocity", "angular_velocity")
        if not _are_finite(getattr(item, what), (3,))
    )


def _are_finite(value: Any, shape: tuple[int, ...]) -> bool:
    try:
        array = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        return False
    return array.shape == shape and bool(np.isfinite(array).all())
