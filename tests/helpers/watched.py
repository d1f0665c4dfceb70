"""Tasks of the suite from given states, seen as their equations have them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.ball_plate.task import BallPlate
from blendgym.envs.reacher.task import Reacher
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box

if TYPE_CHECKING:
    from blendgym.world import World

ARM = "watched:WatchedArm"
FREE_ARM = "watched:FreeArm"
BALL = "watched:WatchedBall"


def numbers(*names: str) -> list[Parameter]:
    """Parameters that set attributes of a task, such as the state that it begins in."""
    return [
        Parameter(name=name, unit="1", nominal=0.0, low=-20.0, high=20.0, binding=TaskAttribute(name)) for name in names
    ]


class WatchedArm(Reacher):
    """The reacher from a given state, observed as angles, velocities, and where centre and tip of the forearm are."""

    parameters = ParameterSpace(*Reacher.parameters.values(), *numbers("shoulder", "elbow", "swing", "bend"))
    shoulder = elbow = swing = bend = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.observation_space = Box(-math.inf, math.inf, shape=(8,), dtype="float64")
        self.observation_scale = (1.0,) * 8

    def reset(self, world: World, rng: np.random.Generator) -> None:
        super().reset(world, rng)
        self._joints[0].place(self.shoulder, self.swing)
        self._joints[1].place(self.elbow, self.bend)

    def observe(self) -> NDArray[Any]:
        shoulder, elbow = self._joints
        state = shoulder.position, elbow.position, shoulder.velocity, elbow.velocity
        return np.array((*state, *self._forearm.position[:2], *(self._goal - self._way_to_go())))


class FreeArm(WatchedArm):
    """The same without servos."""

    def apply(self, action: NDArray[Any]) -> None:
        self._cost = 0.0


class WatchedBall(BallPlate):
    """The ball on the plate, seen ten times as often, with all of its position and velocity: in the plate's frame."""

    control_rate = 100.0
    frames_per_step = 1
    observation_space = Box(-math.inf, math.inf, shape=(6,), dtype="float64")
    observation_scale = 1.0

    def observe(self) -> NDArray[Any]:
        super().observe()
        return np.concatenate(self._motion)
