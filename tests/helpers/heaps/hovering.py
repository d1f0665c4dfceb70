"""Crates that are held against gravity."""

from __future__ import annotations

from heaps.task import Heap


class Hovering(Heap):
    """Pushes each crate upwards with its weight."""

    def layout(self, rng):
        return [item._replace(velocity=(0, 0, 0)) for item in super().layout(rng)]

    def bind(self, world):
        super().bind(world)
        self._wrenches = [(world.wrench(body.name), 9.81 * body.mass) for body in self._crates]

    def apply(self, action):
        for wrench, weight in self._wrenches:
            wrench.force = (0, 0, weight)
