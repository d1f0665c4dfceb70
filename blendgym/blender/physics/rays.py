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
    start, along = np.asarray(origin, np.float64), np.asarray(direction, np.float64)
    length = math.sqrt(float((along**2).sum())) if along.shape == start.shape == (3,) else 0.0
    if not (0.0 < length < math.inf and np.isfinite(start).all() and distance >= 0.0):
        raise SceneError(
            f"A ray goes from three finite numbers in a direction that is not zero, no less than 0 m far; "
            f"got {start.tolist()}, {along.tolist()} and {distance}."
        )
    is_hit, point, normal, _, obj, _ = scene.scene.ray_cast(
        scene.depsgraph, start.tolist(), (along / length).tolist(), distance=min(distance, FARTHEST)
    )
    if not is_hit:
        return None
    where = np.array(point, np.float64)
    return Hit(scene.name_of(obj.original), where, np.array(normal, np.float64), float(np.linalg.norm(where - start)))
