"""A task of the zoo's lever, with a servo on its hinge and a wrench on it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from zoo.tasks import Watching

from blendgym.blender.physics.world import World


class Steered(Watching):
    """The action is the angle that the servo goes to, in rad, while a torque of 5 N·m pushes against it."""

    scene = "zoo.scenes.lever"

    def bind(self, world: World) -> None:
        super().bind(world)
        self._servo, self._wrench = world.servo("Hinge", 50.0), world.wrench("Body")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        world.joint("Hinge").place(0.5)
        self._wrench.torque = (0.0, 0.0, -5.0)

    def apply(self, action: NDArray[Any]) -> None:
        self._servo.to_position(float(action[0]), speed=2.0)
