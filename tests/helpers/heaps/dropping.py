"""Crates that are held in the air, and let go of one by one."""

from __future__ import annotations

from blendgym.layout import Item
from blendgym.spaces import Box
from blendgym.world import Pose
from heaps.task import Heap


class Dropping(Heap):
    """Drops a crate in the middle in each step, onto those that lie there; observes the heights of the first three."""

    observation_space = Box(-1000.0, 1000.0, shape=(3,), dtype="float64")
    frames_per_step = 10
    control_rate = 2.0

    def layout(self, rng):
        for number in range(round(self.crates)):
            yield Item("Crate", Pose((2.0 + number, 3.0, 2.0)), scale=rng.uniform(0.3, 0.6))

    def reset(self, world, rng):
        for crate in self._crates:
            crate.hold()
        self._waiting = list(self._crates)

    def apply(self, action):
        if self._waiting:
            self._waiting.pop(0).release(Pose((0.0, 0.0, 0.4 + 0.7 * (len(self._crates) - len(self._waiting)))))

    def observe(self):
        return [crate.position[2] for crate in self._crates[:3]]
