"""Layouts that cannot be, by what is wrong with them."""

from __future__ import annotations

import numpy as np

from blendgym.layout import Item
from blendgym.world import Pose
from heaps.task import Heap

WRONG = {
    "unknown template": [Item("Crate"), Item("Sofa")],
    "one name twice": [Item("Crate", name="A"), Item("Crate", name="A")],
    "a name that is taken": [Item("Crate", name="Floor")],
    "no place": [Item("Crate", Pose((0, 0, np.nan)))],
    "no direction": [Item("Crate", Pose((0, 0, 1), (0, 0, 0, 0)))],
    "no size": [Item("Crate", scale=0.0)],
    "four sizes": [Item("Crate", scale=(1, 1, 1, 1))],
    "no mass": [Item("Crate", mass=-1.0)],
    "unknown material": [Item("Crate", material="Gold")],
    "no item": ["Crate"],
    "too many": [Item("Lamp")] * 10_001,
}


class Wrong(Heap):
    """Lays out what it is told to in every second episode, and one crate in the others."""

    def __init__(self, what):
        super().__init__()
        self._what, self._episodes = what, 0

    def layout(self, rng):
        self._episodes += 1
        return WRONG[self._what] if self._episodes % 2 == 0 else [Item("Crate", Pose((0, 0, 1)))]
