"""Force fields of a scene, which must not act before an episode begins."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import bpy


@contextlib.contextmanager
def silenced(physics: bpy.types.RigidBodyWorld | None) -> Iterator[None]:
    """Keeps force fields from acting on bodies that are held.

    Bullet does not forget what pushes a body while it is held, and lets all of it act in the first frame of freedom
    (Blender 4.5, 5.0, 5.2).

    Args:
        physics: Of the scene; ``None`` if it has none.
    """
    if physics is None:
        yield
        return
    weights = physics.effector_weights
    weight = weights.all
    weights.all = 0.0
    try:
        yield
    finally:
        weights.all = weight
