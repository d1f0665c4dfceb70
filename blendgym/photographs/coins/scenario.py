"""Coins that were dropped on a table (runs on both sides of the wire). Lengths in m, angles in rad."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from blendgym.layout import Item
from blendgym.parameters import (
    TEXTURES,
    Camera,
    Lens,
    Light,
    LogUniform,
    Material,
    Parameter,
    ParameterSpace,
    Sensor,
    Sky,
    TaskAttribute,
)
from blendgym.photographs.coins.table import (
    COIN,
    COINS,
    DISTRACTORS,
    METALS,
    OCCLUDERS,
    OTHER_MATERIALS,
    WIDTH_OF_VIEW,
)
from blendgym.scenario import Scenario
from blendgym.world import Pose, World, about_x_then_z, about_z

WIDTH, HEIGHT_OF_RENDER = 128, 96
"""Of renders, in pixels."""

REACH = (0.6 * WIDTH_OF_VIEW, 0.5 * WIDTH_OF_VIEW)
"""How far from the middle things are dropped, along x and y."""

TRIES = 40
"""How often a place is looked for that is far enough from the others."""

SUBJECTS = (
    Parameter(
        name="coins", unit="1", nominal=8, low=0, high=14, kind="integer", group="subjects",
        binding=TaskAttribute("coins"), description="How many are dropped, some of them out of sight",
    ),
    Parameter(
        name="coins.radius", unit="m", nominal=0.5, low=0.32, high=0.8, prior=LogUniform(), group="subjects",
        binding=TaskAttribute("radius"), description="Of a typical coin, in a view of 2.8 m",
    ),
    Parameter(
        name="coins.spread", unit="1", nominal=0.15, low=0.0, high=0.3, group="subjects",
        binding=TaskAttribute("spread"), description="Deviation of the logarithm of the radius among coins",
    ),
    Parameter(
        name="coins.gap", unit="1", nominal=1.15, low=0.75, high=1.6, group="subjects", binding=TaskAttribute("gap"),
        description="Least distance between coins as they are let go, as a share of the sum of their radii",
    ),
    Parameter(
        name="coins.oval", unit="1", nominal=0.04, low=0.0, high=0.1, group="subjects", binding=TaskAttribute("oval"),
        description="Deviation of the logarithm of the ratio of their widths",
    ),
    Parameter(
        name="coins.relief", unit="1", nominal=1.0, low=0.5, high=2.5, group="subjects",
        binding=TaskAttribute("relief"), description="Factor of the height of reliefs",
    ),
)  # fmt: skip

OTHERS = (
    Parameter(
        name="others", unit="1", nominal=0, low=0, high=4, kind="integer", group="distractors",
        binding=TaskAttribute("others"), description="Chips, rings, pebbles and dice among the coins",
    ),
    Parameter(
        name="occluders", unit="1", nominal=0, low=0, high=3, kind="integer", group="distractors",
        binding=TaskAttribute("occluders"), description="Straws and leaves on top of the coins",
    ),
)  # fmt: skip

LIGHT = (
    Parameter(
        name="sun.strength", unit="W/m²", nominal=1.5, low=0.5, high=3.0, group="light",
        binding=Light("Sun", "strength"), description="Irradiance of the light from afar",
    ),
    Parameter(
        name="sun.elevation", unit="rad", nominal=0.6, low=0.2, high=1.3, group="light",
        binding=Light("Sun", "elevation"), description="Height of the light from afar",
    ),
    Parameter(
        name="sun.azimuth", unit="rad", nominal=2.3, low=-math.pi, high=math.pi, group="light",
        binding=Light("Sun", "azimuth"), description="From which side the light from afar shines",
    ),
    Parameter(
        name="lamp.strength", unit="W", nominal=40.0, low=0.0, high=150.0, group="light",
        binding=Light("Lamp", "strength"), description="Power of the lamp near by, whose light is uneven",
    ),
    Parameter(
        name="sky.strength", unit="1", nominal=0.2, low=0.02, high=0.5, group="light", binding=Sky("strength"),
        description="Factor of the light from everywhere",
    ),
)  # fmt: skip

REFLECTANCES = (
    Parameter(
        name="cloth.brightness", unit="1", nominal=0.05, low=0.01, high=0.9, group="texture",
        binding=Material("Cloth", "brightness"),
        description="Reflectance of the cloth, which is nearly as often brighter than coins as darker",
    ),
    *(
        Parameter(
            name=f"{metal.lower()}.brightness", unit="1", nominal=shade, low=0.1, high=0.9, group="texture",
            binding=Material(metal, "brightness"), description=f"Reflectance of {metal.lower()}",
        )
        for metal, shade in METALS.items()
    ),
)  # fmt: skip

PATTERNS = (
    Parameter(
        name="cloth.texture", unit="1", nominal=0, low=0, high=len(TEXTURES) - 1, kind="categorical", choices=TEXTURES,
        group="texture", binding=Material("Cloth", "texture", size=1.3),
        description="Texture of the cloth: plain, checker, stripes, tiles or noise",
    ),
    Parameter(
        name="silver.texture", unit="1", nominal=0, low=0, high=len(TEXTURES) - 1, kind="categorical", choices=TEXTURES,
        group="texture", binding=Material("Silver", "texture", size=0.25),
        description="Texture of silver: plain, checker, stripes, tiles or noise",
    ),
)  # fmt: skip

CAMERA = (
    Parameter(
        name="camera.distance", unit="m", nominal=0.4, low=0.1, high=2.0, group="camera",
        binding=Camera("Camera", "distance"), description="How far to one side the camera is, 8 m above the table",
    ),
    Parameter(
        name="camera.roll", unit="rad", nominal=0.0, low=-0.5, high=0.5, group="camera",
        binding=Camera("Camera", "roll"), description="Turn of the camera about its line of sight",
    ),
)  # fmt: skip

IMAGING = (
    Parameter(
        name="lens.blur", unit="1", nominal=0.0, low=0.0, high=0.006, group="imaging", binding=Lens("Camera", "blur"),
        description="How far out of focus: deviation of a point's image, as a share of the width",
    ),
    Parameter(
        name="sensor.exposure", unit="stops", nominal=0.0, low=-0.8, high=0.8, group="imaging",
        binding=Sensor("Camera", "exposure"), description="Exposure of the sensor",
    ),
    Parameter(
        name="sensor.gamma", unit="1", nominal=1.0, low=0.6, high=1.6, prior=LogUniform(), group="imaging",
        binding=Sensor("Camera", "gamma"), description="Exponent of the finished picture; below 1 it brightens",
    ),
    Parameter(
        name="sensor.noise", unit="1", nominal=0.0, low=0.0, high=0.01, group="imaging",
        binding=Sensor("Camera", "read_noise"), description="Deviation of the sensor's noise, as a share of white",
    ),
)  # fmt: skip


class Table(Scenario):
    """Coins that were dropped on cloth, with other small things among and upon them, in other light each time."""

    scene = "scene"
    templates = (*COINS, *DISTRACTORS, *OCCLUDERS)
    views = {  # noqa: RUF012  # declared as by every task
        "": {"passes": ["rgb", "segmentation"], "width": WIDTH, "height": HEIGHT_OF_RENDER, "shadow_maps": True}
    }
    parameters = ParameterSpace(*SUBJECTS, *OTHERS, *LIGHT, *REFLECTANCES, *PATTERNS, *CAMERA, *IMAGING)

    coins, others, occluders = 8.0, 0.0, 0.0
    radius, spread, gap, oval, relief = 0.5, 0.15, 1.15, 0.04, 1.0

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        """What is dropped: coins from just above the table, other things among them, and some on top."""
        taken: list[tuple[float, float, float]] = []
        for _ in range(round(self.coins)):
            radius = self.radius * math.exp(rng.normal(0.0, self.spread))
            if place := self._free(taken, radius, rng):
                yield self._coin(place, radius, rng)
        for _ in range(round(self.others)):
            size = 2.0 * self.radius * rng.uniform(0.5, 1.3)
            if place := self._free(taken, size / 2.0, rng):
                yield _thing(str(rng.choice(DISTRACTORS)), (*place, 0.3), size, rng)
        for number in range(round(self.occluders)):
            x, y = rng.uniform(-1.0, 1.0, 2) * REACH
            yield _thing(str(rng.choice(OCCLUDERS)), (x, y, 0.8 + 0.2 * number), rng.uniform(0.6, 1.4), rng)

    def sample(self, world: World, _: np.random.Generator) -> Mapping[str, Any]:
        """Lets all of it fall until it rests, or nearly so."""
        world.settle(0.6)
        return {}

    def _coin(self, place: tuple[float, float], radius: float, rng: np.random.Generator) -> Item:
        oval = math.exp(rng.normal(0.0, self.oval) / 2.0)
        factors = 2.0 * radius * np.array([oval, 1.0 / oval, self.relief])
        turned = about_x_then_z(about_z=rng.uniform(-math.pi, math.pi), about_x=rng.normal(0.0, 0.05))
        return Item(
            str(rng.choice(COINS)), Pose((*place, 0.2 + 0.15 * rng.random()), turned), scale=factors,
            material=str(rng.choice(tuple(METALS))), category=COIN,
        )  # fmt: skip

    def _free(
        self, taken: list[tuple[float, float, float]], radius: float, rng: np.random.Generator
    ) -> tuple[float, float] | None:
        """A place that is far enough from all that are taken, and is taken from then on; ``None`` if none is found."""
        for x, y in (rng.uniform(-1.0, 1.0, (TRIES, 2)) * REACH).tolist():
            if all(math.hypot(x - a, y - b) >= self.gap * (radius + other) for a, b, other in taken):
                taken.append((x, y, radius))
                return x, y
        return None


def _thing(name: str, place: tuple[float, float, float], size: float, rng: np.random.Generator) -> Item:
    """One of the other things, turned anyhow about the vertical."""
    turned = about_z(rng.uniform(-math.pi, math.pi))
    material = str(rng.choice((*METALS, *OTHER_MATERIALS)))
    return Item(name, Pose(place, turned), scale=size * rng.uniform(0.7, 1.2, 3), material=material)
