"""A task that only watches: whatever scene it is given, it observes where every rigid body is."""

from __future__ import annotations

import numpy as np

from blendgym.spaces import Box
from blendgym.task import Outcome, Task


class Watch(Task):
    """Observes the poses of all bodies in the scene= of its environment.

    Args:
        bodies: Names of the bodies.
        control_rate: In Hz.
        substeps: Physics steps in one frame.
    """

    scene = "cartpole"
    action_space = Box(-1.0, 1.0, shape=(1,))
    camera = "Camera"

    def __init__(self, bodies, control_rate=60.0, substeps=1):
        self._names, self.control_rate, self.substeps = tuple(bodies), control_rate, substeps
        self.observation_space = Box(-np.inf, np.inf, shape=(len(self._names), 4, 4), dtype="float64")

    def bind(self, world):
        self._bodies = [world.body(name) for name in self._names]

    def reset(self, world, rng):
        pass

    def apply(self, action):
        pass

    def observe(self):
        return np.array([body.pose for body in self._bodies]).reshape(-1, 4, 4)

    def outcome(self, observation):
        return Outcome(0.0, False)


class WatchPile(Watch):
    """The same, of boxes that fall onto each other."""

    scene = "zoo.scenes.pile"


class WatchBounce(Watch):
    """The same, of a ball that falls on the ground."""

    scene = "zoo.scenes.bounce"
