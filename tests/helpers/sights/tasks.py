"""The scenes of this folder as tasks in which nothing happens."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from analytic.tasks import Still
from numpy.typing import NDArray

from blendgym.blender.physics.world import World
from blendgym.errors import BlendgymError, SceneError
from blendgym.parameters import Camera, Parameter, ParameterSpace
from blendgym.spaces import Box
from blendgym.world import Pose
from sights.geometry import DISTANCE


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


class Looking(Still):
    """Moves a camera sideways, by 2 m at full action, and tells how much of the tile it sees."""

    scene = "sights.looking"
    control_rate = 20.0
    observation_space = Box(-100.0, 100.0, shape=(5,), dtype="float64")
    parameters = ParameterSpace(
        Parameter(
            name="camera.distance", unit="m", nominal=10.0, low=9.0, high=12.0, group="visual",
            binding=Camera("Camera", "distance", target=(0.0, 0.0, 0.0)),
        ),
    )  # fmt: skip

    def bind(self, world: World) -> None:
        self._world, self._camera, self._ball = world, world.camera("Camera"), world.body("Ball")

    def apply(self, action: NDArray[Any]) -> None:
        across = 2.0 * float(action[0])
        self._camera.look_at((across, -DISTANCE, 0.0), (across, 0.0, 0.0))

    def observe(self) -> NDArray[Any]:
        tile = self._world.look("Camera", 64, 48, visibility=True)["Tile"]
        left, _, right, _ = tile.box or (0.0,) * 4
        return np.array([tile.pixels, tile.visibility, left, right, self._ball.position[2]])


class Refused(Looking):
    """Tells what is said of cameras that cannot be placed, or are not there."""

    def bind(self, world: World) -> None:
        super().bind(world)
        self.said: list[str] = []

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._try(lambda: world.look("Camera", 64, 48))
        self._try(lambda: world.camera("Carried").place(Pose((0.0, 0.0, 0.0))))
        self._try(lambda: world.camera("Nobody"))
        self._try(lambda: world.camera("Camera").place(Pose((math.nan, 0.0, 0.0))))
        self._try(lambda: world.camera("Camera").look_at((1.0, 0.0, 0.0), (1.0, 0.0, 0.0)))

    def observe(self) -> NDArray[Any]:
        self._try(lambda: self._world.look("Nobody", 64, 48))
        self._try(lambda: self._world.look("Camera", 0, 48))
        raise SceneError("\n".join(self.said))

    def _try(self, do: Callable[[], Any]) -> None:
        try:
            do()
        except BlendgymError as error:
            self.said.append(str(error))
