"""Crates of several sizes and masses."""

from __future__ import annotations

import numpy as np

from blendgym.layout import Item
from blendgym.spaces import Box
from blendgym.world import Pose
from heaps.task import Heap


class Masses(Heap):
    """Observes the masses of its crates; that of the template is 2 kg."""

    observation_space = Box(0.0, np.inf, shape=(4,), dtype="float64")

    def layout(self, rng):
        yield Item("Crate", Pose((0, 0, 1)))
        yield Item("Crate", Pose((3, 0, 2)), scale=2.0)
        yield Item("Crate", Pose((6, 0, 1)), scale=(1.0, 0.5, 0.25))
        yield Item("Crate", Pose((9, 0, 1)), scale=2.0, mass=5.0)

    def observe(self):
        return np.array([body.mass for body in self._crates])
