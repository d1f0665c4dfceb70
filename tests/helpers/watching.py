"""A pendulum whose pole is observed by where the body is, not by its joint."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.pendulum.task import Pendulum
from blendgym.spaces import Box

if TYPE_CHECKING:
    from blendgym.world import World


class WatchedPole(Pendulum):
    """Observes position and velocity of the pole's centre."""

    observation_space = Box(-math.inf, math.inf, shape=(6,))
    observation_scale = 1.0

    def bind(self, world: World) -> None:
        super().bind(world)
        self._pole = world.body("Pole")

    def reset(self, world: World, rng: np.random.Generator) -> None:
        self._hinge.place(rng.uniform(-3.0, 3.0), 1.0)

    def observe(self) -> NDArray[Any]:
        return np.array([*self._pole.position, *self._pole.velocity], np.float32)
