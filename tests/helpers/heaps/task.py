"""A scene whose every episode has other things in it: crates, balls and lamps of several sizes, above a floor."""

from __future__ import annotations

import numpy as np

from blendgym.layout import Item
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from blendgym.world import Pose


class Heap(Task):
    """Observes how many crates there are, and the mean height of them."""

    scene = "heaps.scene"
    templates = ("Crate", "Lamp")
    control_rate = 20.0
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = Box(-1000.0, 1000.0, shape=(2,), dtype="float64")
    parameters = ParameterSpace(
        Parameter(
            name="crates", unit="1", nominal=6, low=0, high=400, kind="integer", binding=TaskAttribute("crates"),
            description="How many crates there are",
        )
    )  # fmt: skip
    crates = 6.0

    def __init__(self, settles=False):
        self._settles = settles

    def bind(self, world):
        self._crates = [body for name, body in world.bodies.items() if name.startswith("Crate")]

    def layout(self, rng):
        for number in range(round(self.crates)):
            turn = rng.normal(size=4)
            pose = Pose((*rng.uniform(-3, 3, 2), 1.0 + 0.7 * number), turn / np.linalg.norm(turn))
            material = "Iron" if number % 3 == 2 else None
            yield Item("Crate", pose, scale=rng.uniform(0.3, 0.6, 3), velocity=(0, 0, -1), material=material)
        yield Item("Lamp", Pose((4, 0, 1)), name="Street lamp", category="furniture")

    def reset(self, world, rng):
        if self._settles:
            world.settle(10.0)

    def apply(self, action):
        pass

    def observe(self):
        heights = [body.position[2] for body in self._crates]
        return np.array([len(heights), np.mean(heights) if heights else 0.0])

    def outcome(self, observation):
        return Outcome(0.0, False)
