"""Rays: what is first met on a straight line."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError
from blendgym.world import Hit

FARTHEST = 1e30  # m; beyond, single precision overflows


def cast_ray(scene: LoadedScene, origin: ArrayLike, direction: ArrayLike, distance: float) -> Hit | None:
    """What a ray meets first, of all that a viewport would show: meshes as they are seen, not collision shapes.

    Args:
        scene: The scene.
        origin: Where it begins, (3,), in m.
        direction: Of any length, (3,).
        distance: How far it reaches, in m.

    Raises:
        SceneError: If a number is not finite, or the direction has no length.
    """
    start, along = _triple(origin), _triple(direction)
    length = math.hypot(*along)
    if not (0.0 < length < math.inf and all(map(math.isfinite, start)) and distance >= 0.0):
        raise SceneError(
            f"A ray goes from three finite numbers in a direction that is not zero, no less than 0 m far; "
            f"got {np.asarray(origin).tolist()}, {np.asarray(direction).tolist()} and {distance}."
        )
    unit = [part / length for part in along]
    is_hit, point, normal, _, obj, _ = scene.scene.ray_cast(
        scene.depsgraph, start, unit, distance=min(distance, FARTHEST)
    )
    if not is_hit:
        return None
    # Vectors that NumPy reads number by number would take longer than the ray.
    where = point.to_tuple()
    return Hit(scene.name_of(obj.original), np.array(where), np.array(normal.to_tuple()), math.dist(where, start))


def _triple(values: ArrayLike) -> list[float]:
    """Three numbers; not finite ones if it is not three that are given."""
    array = np.asarray(values, np.float64)
    return array.tolist() if array.shape == (3,) else [math.nan] * 3
