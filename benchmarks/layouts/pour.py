"""A task whose every episode begins with another heap of things in a tray."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.layout import Item
from blendgym.spaces import Box
from blendgym.task import Outcome, Task
from blendgym.world import Pose, World

PER_LAYER = 16
SPACING = 0.36  # m


class Pour(Task):
    """Things fall into a tray in the reset. Observes the mean height of all, in m; actions do nothing.

    Args:
        things: How many.
        seconds: Simulated time that they fall for: a fixed one, so that all contestants do the same.
    """

    scene = "pour_scene"
    templates = ("Box", "Ball", "Rod")
    control_rate = 30.0
    action_space = Box(-1.0, 1.0, shape=(1,))
    observation_space = Box(0.0, 100.0, shape=(1,))

    def __init__(self, things: int = 200, seconds: float = 4.0) -> None:
        self._things, self._seconds = things, seconds

    def bind(self, world: World) -> None:
        self._bodies = [body for name, body in world.bodies.items() if name.startswith(self.templates)]

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        for number in range(self._things):
            layer, place = divmod(number, PER_LAYER)
            across, along = divmod(place, 4)
            where = SPACING * np.array([across - 1.5, along - 1.5, layer + 1.0])
            turn = rng.normal(size=4)
            pose = Pose(where + rng.uniform(-0.04, 0.04, 3), turn / np.linalg.norm(turn))
            yield Item(self.templates[rng.integers(3)], pose, scale=rng.uniform(0.8, 1.2))

    def reset(self, world: World, rng: np.random.Generator) -> None:
        world.settle(self._seconds, speed=0.0)

    def apply(self, action: NDArray[Any]) -> None:
        pass

    def observe(self) -> NDArray[Any]:
        return np.array([np.mean([body.position[2] for body in self._bodies])], np.float32)

    def outcome(self, observation: NDArray[Any]) -> Outcome:
        return Outcome(0.0, False)
