"""Push-T as a laboratory: block and finger begin where, and as fast as, parameters say, and nothing ends an episode."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.task import PushT
from blendgym.parameters import Friction, Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box
from blendgym.task import Outcome
from blendgym.world import Pose

if TYPE_CHECKING:
    from blendgym.world import World

BLOCK_ON_TABLE = "block_on_table:BlockOnTable"
STARTS = ("block_x", "block_y", "block_angle", "block_speed", "block_rate", "finger_x", "finger_y")


def start(name: str) -> Parameter:
    return Parameter(name=name, unit="m", nominal=0.0, low=-9.0, high=9.0, binding=TaskAttribute(name))


class BlockOnTable(PushT):
    """The block moves along x at first.

    Observed: its position (3), angle, cosine of tilt, the finger's x and y, how far they are apart, and the block's
    moments of inertia (3).
    """

    parameters = ParameterSpace(
        *(parameter for name, parameter in PushT.parameters.items() if name != "table.friction"),
        Parameter(name="table.friction", unit="1", nominal=0.5, low=0.0, high=1.0, binding=Friction("Table")),
        *map(start, STARTS),
    )
    observation_space = Box(-math.inf, math.inf, shape=(11,), dtype="float64")
    block_x = block_y = block_angle = block_speed = block_rate = finger_x = finger_y = 0.0

    def bind(self, world: World) -> None:
        super().bind(world)
        self._world = world

    def reset(self, world: World, rng: np.random.Generator) -> None:
        super().reset(world, rng)
        half = self.block_angle / 2
        pose = Pose((self.block_x, self.block_y, tee.THICKNESS / 2), (math.cos(half), 0.0, 0.0, math.sin(half)))
        self._block.place(pose, (self.block_speed, 0.0, 0.0), (0.0, 0.0, self.block_rate))
        self._finger_at = self.finger_x, self.finger_y
        self._finger.place(Pose((*self._finger_at, self._finger_height)))

    def observe(self) -> NDArray[Any]:
        pose = self._block.pose
        place = *pose[:3, 3], math.atan2(pose[1, 0], pose[0, 0]), pose[2, 2], *self._finger.position[:2]
        contacts = self._world.contacts(["Block"], within=9.0)
        (apart,) = (each.distance for each in contacts if "Finger" in (each.first, each.second))
        return np.array([*place, apart, *self._block.inertia])

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return Outcome(reward=0.0, terminated=False)
