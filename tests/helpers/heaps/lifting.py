"""The first of some crates is pushed upwards, in heaps of different numbers of them."""

from __future__ import annotations

import numpy as np

from blendgym.layout import Item
from blendgym.spaces import Box
from blendgym.world import Pose
from heaps.task import Heap


class Lifting(Heap):
    """Observes where the first crate is."""

    observation_space = Box(-np.inf, np.inf, shape=(3,), dtype="float64")

    def layout(self, rng):
        for number in range(rng.integers(2, 6)):
            yield Item("Crate", Pose((*rng.uniform(-0.1, 0.1, 2), 0.5 + 0.7 * number)), scale=rng.uniform(0.4, 0.6))

    def bind(self, world):
        super().bind(world)
        self._wrench = world.wrench(self._crates[0].name)

    def apply(self, action):
        self._wrench.force = (0, 0, 4)

    def observe(self):
        return self._crates[0].position
