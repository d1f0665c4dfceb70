"""Scenarios whose pictures are counted: the two scenes of the table of speeds in blendtorch's paper, made here anew.

Heindl et al., BlendTorch: A Real-Time, Adaptive Domain Randomization Library, 2020 (arXiv:2010.11696), table II.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from blendgym.data import Scenario
from blendgym.layout import Item
from blendgym.world import Pose, World

CUBE, CLUTTER = "blendgym.benchmarks.streams.pictured:Cube", "blendgym.benchmarks.streams.pictured:Clutter"

PER_LAYER = 9
SPACING = 0.45  # m


class Cube(Scenario):
    """A cube that is turned anyhow in every sample, without physics."""

    scene = "cube_scene"
    templates = ("Cube",)

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        yield Item("Cube", Pose((0.0, 0.0, 0.0), _turn(rng)))

    def sample(self, world: World, rng: np.random.Generator) -> None:
        pass


class Clutter(Scenario):
    """Many things that fall onto a table, and boards before them.

    Args:
        things: How many.
        boards: How many.
        seconds: Simulated time that the things fall for: a fixed one, so that all contestants do the same.
    """

    scene = "clutter_scene"
    templates = ("Box", "Ball", "Rod", "Board")

    def __init__(self, things: int = 24, boards: int = 3, seconds: float = 1.0) -> None:
        self._things, self._boards, self._seconds = things, boards, seconds

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        for number in range(self._things):
            layer, place = divmod(number, PER_LAYER)
            across, along = divmod(place, 3)
            where = SPACING * np.array([across - 1.0, along - 1.0, layer + 1.0])
            pose = Pose(where + rng.uniform(-0.05, 0.05, 3), _turn(rng))
            yield Item(self.templates[rng.integers(3)], pose, scale=rng.uniform(0.8, 1.2))
        for _ in range(self._boards):
            yield Item("Board", Pose((rng.uniform(-0.9, 0.9), rng.uniform(-1.3, -0.9), 0.2)))

    def sample(self, world: World, rng: np.random.Generator) -> None:
        world.settle(self._seconds, speed=0.0)


def _turn(rng: np.random.Generator) -> NDArray[np.float64]:
    turn: NDArray[np.float64] = rng.normal(size=4)
    return turn / float(np.linalg.norm(turn))
