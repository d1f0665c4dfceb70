"""The scenes of this folder as tasks in which nothing happens."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytic.known import LAMPS
from blendgym.blender.physics.world import World
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box
from blendgym.task import Outcome, Task


class Still(Task):
    """Nothing moves."""

    control_rate = 10.0
    substeps = 1
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = Box(-1.0, 1.0, shape=(1,))

    def bind(self, world: World) -> None:
        pass

    def reset(self, world: World, rng: np.random.Generator) -> None:
        pass

    def apply(self, action: NDArray[Any]) -> None:
        pass

    def observe(self) -> NDArray[Any]:
        return np.zeros(1, np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return Outcome(reward=0.0, terminated=False)


class Solids(Still):
    """Balls and boxes."""

    scene = "analytic.solids"
    camera = "Eye"


class Markers(Still):
    """Known points and colours, in pixels of an aspect that can be chosen."""

    scene = "analytic.markers"
    camera = "Auto"
    parameters = ParameterSpace(
        *(
            Parameter(name=name, unit="1", nominal=1.0, low=1.0, high=2.0, binding=TaskAttribute(name))
            for name in ("pixel_width", "pixel_height")
        )
    )
    pixel_width: float
    pixel_height: float

    def reset(self, world: World, rng: np.random.Generator) -> None:
        world.scene.render.pixel_aspect_x = self.pixel_width
        world.scene.render.pixel_aspect_y = self.pixel_height


class Lamps(Still):
    """A floor under one lamp of several."""

    scene = "analytic.lamps"
    camera = "Above"
    parameters = ParameterSpace(
        Parameter(name="lamp", unit="1", nominal=0, low=0, high=len(LAMPS) - 1, binding=TaskAttribute("lamp"))
    )
    lamp: float

    def reset(self, world: World, rng: np.random.Generator) -> None:
        for number, (name, lamp) in enumerate(LAMPS.items()):
            world.scene.objects[name].data.energy = lamp.energy if number == self.lamp else 0.0


class Crowd(Still):
    """Very many objects."""

    scene = "analytic.crowd"
    camera = "Gate"


class Fleet(Still):
    """Things of two categories."""

    scene = "analytic.fleet"
    camera = "Bridge"


class Projected(Still):
    """Balls and boxes before cameras without perspective."""

    scene = "analytic.projected"
    camera = "Eye"


class Marked(Still):
    """Points that are marked."""

    scene = "analytic.marked"
    camera = "Eye"
