"""Counts what there is in Blender."""

from __future__ import annotations

import numpy as np

from blendgym.spaces import Box
from heaps.task import Heap


class Counting(Heap):
    """Observes how many objects, meshes, materials, collections and bodies there are, some crates fewer each time."""

    observation_space = Box(0.0, np.inf, shape=(4,), dtype="float64")

    def layout(self, rng):
        return list(super().layout(rng))[rng.integers(6) :]

    def observe(self):
        import bpy

        data = bpy.data
        return np.array([len(each) for each in (data.objects, data.meshes, data.materials, data.collections)], float)
