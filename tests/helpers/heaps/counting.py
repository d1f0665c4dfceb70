"""Counts what there is in Blender."""

from __future__ import annotations

import numpy as np

from blendgym.spaces import Box
from heaps.task import Heap


class Counting(Heap):
    """Observes how many objects, meshes, materials and collections there are.

    In each episode there are some crates fewer than in others, and a wrench on each.
    """

    observation_space = Box(0.0, np.inf, shape=(4,), dtype="float64")

    def layout(self, rng):
        return list(super().layout(rng))[rng.integers(6) :]

    def bind(self, world):
        super().bind(world)
        self._wrenches = [world.wrench(body.name) for body in self._crates]

    def reset(self, world, rng):
        super().reset(world, rng)
        for wrench in self._wrenches:
            wrench.force = (0, 0, 1)

    def observe(self):
        import bpy

        data = bpy.data
        # Of the motors of wrenches there are as many as the episode needs.
        lasting = [obj for obj in data.objects if "Wrench" not in obj.name]
        return np.array([len(each) for each in (lasting, data.meshes, data.materials, data.collections)], float)
