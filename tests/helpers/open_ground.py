"""The rover as a laboratory: an arena with one crate, a start by parameters, and bodies observed as they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.rover.course import Disc
from blendgym.envs.rover.geometry import HEIGHT
from blendgym.envs.rover.task import Rover
from blendgym.layout import Item
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box
from blendgym.task import Outcome
from blendgym.world import Pose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blendgym.world import World

OPEN_GROUND = "open_ground:OpenGround"
COUNTED = "open_ground:Counted"
FAR = Disc(6.0, -6.0, 0.45)


def start(name: str, nominal: float) -> Parameter:
    return Parameter(
        name=name, unit="1", nominal=nominal, low=-9.0, high=9.0, binding=TaskAttribute(name.replace(".", "_"))
    )


class OpenGround(Rover):
    """Observes x, y, height, heading, cosine of the tilt, how fast the wheels turn, then rays, speed and yaw rate.

    The reward is whether the bumper touches something.
    """

    parameters = ParameterSpace(
        *Rover.parameters.values(),
        *(start(name, nominal) for name, nominal in (("start.speed", 0.0), ("start.roll", 0.0))),
        *(start(name, nominal) for name, nominal in (("crate.x", 6.0), ("crate.y", 6.0))),
    )
    observation_space = Box(-math.inf, math.inf, shape=(25,), dtype="float64")
    observation_scale = 1.0
    start_speed, start_roll, crate_x, crate_y = 0.0, 0.0, 6.0, 6.0

    def layout(self, rng: np.random.Generator) -> Iterable[Item]:
        super().layout(rng)
        self._course = self._course._replace(beacon=FAR)
        return [Item("Crate", Pose((self.crate_x, self.crate_y, 0.5)))]

    def bind(self, world: World) -> None:
        super().bind(world)
        self._axles = [world.joint(f"{side} axle") for side in ("Left", "Right")]

    def reset(self, world: World, rng: np.random.Generator) -> None:
        super().reset(world, rng)
        turn = (math.cos(self.start_roll / 2), math.sin(self.start_roll / 2), 0.0, 0.0)
        self._chassis.place(Pose((-5.0, 0.0, HEIGHT + 0.3 * abs(self.start_roll)), turn), (self.start_speed, 0.0, 0.0))
        self._position, self._heading = np.array([-5.0, 0.0]), 0.0

    def observe(self) -> NDArray[Any]:
        told, pose = super().observe(), self._chassis.pose
        heading = math.atan2(pose[1, 0], pose[0, 0])
        wheels = [axle.velocity for axle in self._axles]
        return np.array([*pose[:3, 3], heading, pose[2, 2], *wheels, *told[:16], *told[19:]], np.float64)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return super().outcome(observation)._replace(reward=float(self._touches()))


class Counted(Rover):
    """Observes how many objects, meshes, materials and collections there are in Blender."""

    observation_space = Box(0.0, math.inf, shape=(4,), dtype="float64")
    observation_scale = 1.0

    def observe(self) -> NDArray[Any]:
        import bpy

        super().observe()
        data = bpy.data
        return np.array([len(each) for each in (data.objects, data.meshes, data.materials, data.collections)], float)
