"""What touches what, and what a ray meets."""

from __future__ import annotations

from typing import NamedTuple

from blendgym.world.pose import Vector


class Contact(NamedTuple):
    """Two bodies that touch. Blender tells no impulses, so this is geometry: how near their surfaces are.

    Args:
        first: Name of a body.
        second: Name of the other.
        point: Where they are nearest or deepest, (3,), in the middle between their surfaces; one of many between faces.
        normal: Unit vector from the first to the second, (3,).
        distance: Between their surfaces, in m; negative if they interpenetrate.
    """

    first: str
    second: str
    point: Vector
    normal: Vector
    distance: float


class Hit(NamedTuple):
    """What a ray meets first.

    Args:
        object: Name.
        point: Where, (3,).
        normal: Of the surface there, (3,).
        distance: From the origin of the ray, in m.
    """

    object: str
    point: Vector
    normal: Vector
    distance: float
