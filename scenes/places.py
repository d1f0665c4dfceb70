"""Where things of a scene are."""

from __future__ import annotations

from typing import TypeAlias

import bpy

Triple: TypeAlias = tuple[float, float, float]

ORIGIN: Triple = (0.0, 0.0, 0.0)


def put(
    scene: bpy.types.Scene, obj: bpy.types.Object, location: Triple = ORIGIN, rotation: Triple = ORIGIN
) -> bpy.types.Object:  # fmt: skip
    """Adds an object to a scene.

    Args:
        scene: Where to add it.
        obj: A new object.
        location: In m.
        rotation: XYZ Euler angles, in rad.
    """
    scene.collection.objects.link(obj)
    obj.location, obj.rotation_euler = location, rotation
    return obj
