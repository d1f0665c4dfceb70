"""The scenes of this folder as tasks in which nothing happens."""

from __future__ import annotations

from typing import Any

import numpy as np
from analytic.tasks import Still
from numpy.typing import NDArray

from blendgym.blender.physics.world import World
from blendgym.spaces import Box


class Seen(Still):
    """Something in each cell of the grid."""

    scene = "sights.seen"


class FromFile(Still):
    """A scene from a file."""

    def __init__(self, path: str) -> None:
        self.scene = path  # type: ignore[misc]


class Many(Still):
    """Ten thousand instances and a thousand objects."""

    scene = "sights.many"


class Hiding(Still):
    """A cube falls onto a slab, which is shown by a positive action and hidden by a negative one."""

    scene = "sights.hiding"
    control_rate = 20.0
    substeps = 20
    observation_space = Box(-10.0, 10.0, shape=(1,), dtype="float64")

    def bind(self, world: World) -> None:
        self._falling, self._slab = world.body("Falling"), world.object("Slab")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._slab.hide_render = True

    def apply(self, action: NDArray[Any]) -> None:
        if action[0]:
            self._slab.hide_render = bool(action[0] < 0)

    def observe(self) -> NDArray[Any]:
        return np.array([self._falling.pose[2][3]])


class Scattered(Still):
    """Some cubes in a row, 1 to 6 of them."""

    scene = "sights.scattered"

    def bind(self, world: World) -> None:
        self._field = world.object("Field")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._field.data.clear_geometry()
        points = [(column - 3.0, 0.0, 0.0) for column in range(rng.integers(1, 7))]
        self._field.data.from_pydata(points, [], [])


class Blurred(Still):
    """A body falls."""

    scene = "sights.blurred"
    control_rate = 100.0
