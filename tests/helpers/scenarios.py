"""Scenarios that exist for tests: crates that fall onto a floor, and what is wrong with some of them."""

from __future__ import annotations

import numpy as np

from blendgym.data import Scenario
from blendgym.layout import Item
from blendgym.parameters import Light, Parameter, ParameterSpace, TaskAttribute
from blendgym.spaces import Box, Discrete, MultiBinary
from blendgym.world import Pose

FALLEN = "scenarios:Fallen"
SILENT = "scenarios:Silent"


class Silent(Scenario):
    """A camera that looks at the floor from another side in every sample."""

    scene = "heaps.scene"

    def sample(self, world, rng):
        world.camera("Camera").look_at((*rng.uniform(-9.0, 9.0, 2), 6.0), (0.0, 0.0, 0.0))


class Fallen(Scenario):
    """Some crates that have come to rest."""

    scene = "heaps.scene"
    templates = ("Crate",)
    labels = {
        "crates": Discrete(10),
        "highest": Box(0.0, 20.0, shape=()),
        "tilts": Box(0, 255, shape=(2,), dtype="uint8"),
        "is_high": MultiBinary(1),
    }
    views = {"near": {"passes": ["rgb", "segmentation"], "width": 32}, "far": {"passes": ["depth"]}}
    parameters = ParameterSpace(
        Parameter(name="crates", unit="1", nominal=3, low=1, high=6, kind="integer", binding=TaskAttribute("crates")),
        Parameter(
            name="sun", unit="W/m²", nominal=3.0, low=1, high=5, group="visual", binding=Light("Sun", "strength")
        ),
    )
    crates = 3.0

    def layout(self, rng):
        for number in range(round(self.crates)):
            yield Item("Crate", Pose((*rng.uniform(-0.3, 0.3, 2), 1.0 + 1.5 * number), rng.normal(size=4)))

    def sample(self, world, rng):
        assert world.settle(5.0)
        heights = [body.position[2] for name, body in world.bodies.items() if name.startswith("Crate")]
        return {"crates": len(heights), "highest": max(heights), "tilts": [0, 255], "is_high": [max(heights) > 1.0]}


class Saying(Silent):
    """Says what it is told to say, as Python understands it."""

    labels = {"count": Discrete(3), "place": Box(-1.0, 1.0, shape=(2,))}

    def __init__(self, said="None"):
        self._told = said

    def sample(self, world, rng):
        return eval(self._told, {"np": np, "rng": rng})  # noqa: S307 (it is the test that says it)


class Unseeded(Silent):
    """Draws from a generator of its own."""

    _generator = np.random.default_rng(0)

    def sample(self, world, rng):
        super().sample(world, self._generator)
