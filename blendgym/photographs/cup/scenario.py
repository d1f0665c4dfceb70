"""A cup on a table, dropped among other crockery (runs on both sides of the wire). Lengths in m, angles in rad."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from blendgym.layout import Item
from blendgym.parameters import (
    Lens,
    Light,
    LogUniform,
    Material,
    Normal,
    Parameter,
    ParameterSpace,
    Sensor,
    Sky,
    TaskAttribute,
)
from blendgym.parameters.visual_bindings import MaterialNumber
from blendgym.photographs.cup.kitchen import (
    CLUTTER,
    COLOURS,
    CUPS,
    DISHES,
    FLOOR,
    PAINTS,
    SAUCERS,
    SPOONS,
    SURROUNDINGS,
    TABLE,
    TEAPOTS,
    WELL,
    WOODS,
)
from blendgym.scenario import Scenario
from blendgym.world import Pose, World, about_z

WIDTH, HEIGHT = 144, 96
"""Of renders, in pixels."""

TRIES = 20
"""How often a place is looked for that is far enough from the others."""

ROOM = 0.9
"""Radius of what a cup takes up with its saucer and its handle."""

GAP = 0.01
"""Between what stands and what it stands on, before it falls."""


def _number(
    name: str, attribute: str, nominal: float, low: float, high: float, group: str, description: str, unit: str = "1",
    **further: Any,
) -> Parameter:  # fmt: skip
    """A number that the scenario itself uses."""
    return Parameter(
        name=name, unit=unit, nominal=nominal, low=low, high=high, group=group, binding=TaskAttribute(attribute),
        description=description, **further,
    )  # fmt: skip


def _colour(
    material: str, group: str, saturation: tuple[float, float], brightness: tuple[float, float]
) -> Iterator[Parameter]:
    """Hue, saturation and brightness of a material, of any hue."""
    numbers: tuple[tuple[MaterialNumber, str, tuple[float, float]], ...] = (
        ("hue", "rad", (0.0, math.tau)), ("saturation", "1", saturation), ("brightness", "1", brightness),
    )  # fmt: skip
    for (number, unit, (low, high)), nominal in zip(numbers, COLOURS[material], strict=True):
        yield Parameter(
            name=f"{material.lower()}.{number}", unit=unit, nominal=nominal, low=low, high=high, group=group,
            binding=Material(material, number), description=f"{number.capitalize()} of the material {material}",
        )  # fmt: skip


_SUBJECTS = (
    _number("cups", "cups", 1, 1, 2, "subjects", "How many cups there may be, of one glaze", kind="integer"),
    _number("cups.presence", "presence", 1.0, 0.7, 1.0, "subjects", "Probability that each of them is there"),
    _number("cup.height", "tall", 1.0, 0.8, 1.2, "subjects", "Factor of the height of cups", prior=LogUniform()),
    _number("saucer", "saucer", 1, 0, 1, "subjects", "Whether a cup stands on a saucer", kind="integer"),
    _number("saucer.matches", "matches", 0, 0, 1, "subjects", "Whether saucers have the glaze of cups", kind="integer"),
    *_colour("Glaze", "subjects", (0.0, 0.97), (0.03, 0.95)),
    *_colour("Lining", "subjects", (0.0, 0.5), (0.3, 0.95)),
    *_colour("China", "subjects", (0.0, 0.9), (0.05, 0.95)),
    Parameter(
        name="coffee.brightness", unit="1", nominal=COLOURS["Coffee"][2], low=0.01, high=0.6, group="subjects",
        binding=Material("Coffee", "brightness"), description="Brightness of the coffee",
    ),
    Parameter(
        name="crema.brightness", unit="1", nominal=COLOURS["Crema"][2], low=0.2, high=0.9, group="subjects",
        binding=Material("Crema", "brightness"), description="Brightness of crema and milk",
    ),
)  # fmt: skip

_VIEW = (
    _number("camera.elevation", "elevation", 0.8, 0.3, 1.35, "view", "How far down the camera looks", "rad"),
    _number(
        "camera.distance", "distance", 4.5, 3.0, 7.0, "view", "Of the camera from what it looks at", "m",
        prior=LogUniform(),
    ),
    _number("camera.aside", "aside", 0.0, 0.0, 0.3, "view", "Deviation of what it looks at from the cup", "m"),
    _number("camera.roll", "roll", 0.0, -0.3, 0.3, "view", "Turn of the camera about its line of sight", "rad"),
    Parameter(
        name="lens.blur", unit="1", nominal=0.0, low=0.0, high=0.005, group="view", binding=Lens("Camera", "blur"),
        description="How far out of focus: deviation of a point's image, as a share of the width",
    ),
    Parameter(
        name="sensor.exposure", unit="stops", nominal=0.0, low=-0.7, high=0.7, group="view",
        binding=Sensor("Camera", "exposure"), description="Exposure of the sensor",
    ),
    Parameter(
        name="sensor.gamma", unit="1", nominal=1.0, low=0.75, high=1.35, prior=LogUniform(), group="view",
        binding=Sensor("Camera", "gamma"), description="Exponent of the finished picture; below 1 it brightens",
    ),
    Parameter(
        name="sensor.noise", unit="1", nominal=0.0, low=0.0, high=0.006, group="view",
        binding=Sensor("Camera", "read_noise"), description="Deviation of the sensor's noise, as a share of white",
    ),
)  # fmt: skip

_BACKGROUND = (
    _number(
        "floor.surroundings", "surrounded", 0.0, 0.0, 1.0, "background",
        "Probability that the floor shows a photograph of surroundings", prior=Normal(1.0, 0.4),
    ),
    _number("table.edge", "edge", 8.0, 1.0, 8.0, "background", "Distance of the edge of the table", "m"),
    *_colour("Linen", "background", (0.0, 0.9), (0.02, 0.9)),
)  # fmt: skip

_LIGHT = (
    Parameter(
        name="sun.strength", unit="W/m²", nominal=2.0, low=0.5, high=4.5, group="light",
        binding=Light("Sun", "strength"), description="Irradiance of the sun",
    ),
    Parameter(
        name="sun.elevation", unit="rad", nominal=0.9, low=0.35, high=1.4, group="light",
        binding=Light("Sun", "elevation"), description="Height of the sun",
    ),
    Parameter(
        name="sun.azimuth", unit="rad", nominal=2.3, low=-math.pi, high=math.pi, group="light",
        binding=Light("Sun", "azimuth"), description="From which side the sun shines",
    ),
    Parameter(
        name="sun.temperature", unit="K", nominal=6500.0, low=2500.0, high=9000.0, group="light",
        binding=Light("Sun", "temperature"), description="Colour of the sun",
    ),
    Parameter(
        name="lamp.strength", unit="W", nominal=60.0, low=0.0, high=400.0, group="light",
        binding=Light("Lamp", "strength"), description="Power of the lamp near by, whose light is uneven",
    ),
    Parameter(
        name="sky.strength", unit="1", nominal=0.4, low=0.15, high=0.8, group="light", binding=Sky("strength"),
        description="Factor of the light from everywhere",
    ),
    Parameter(
        name="sky.hue", unit="rad", nominal=0.1, low=0.0, high=math.tau, group="light", binding=Sky("hue"),
        description="Hue of the light from everywhere",
    ),
    Parameter(
        name="sky.saturation", unit="1", nominal=0.05, low=0.0, high=0.5, group="light", binding=Sky("saturation"),
        description="Saturation of the light from everywhere",
    ),
)  # fmt: skip

_DROP = (
    _number("drop.height", "drop", 0.0, 0.0, 0.3, "drop", "Height from which things fall", "m"),
    _number("drop.tip", "tip", 0.0, 0.0, 0.35, "drop", "Deviation of how far they lean as they are let go", "rad"),
)  # fmt: skip

_TEXTURE = (
    _number(
        "table.pictured", "pictured", 0.0, 0.0, 1.0, "texture", "Probability that the table has a picture",
        prior=Normal(1.0, 0.4),
    ),
)  # fmt: skip

_CLUTTER = (
    _number("spoons", "spoons", 0, 0, 2, "clutter", "How many spoons there are", kind="integer"),
    _number("things", "things", 0, 0, 6, "clutter", "Boxes, cans, balls, books, bowls, bottles", kind="integer"),
    _number("teapots", "teapots", 0, 0, 1, "clutter", "Teapots of the glaze of the cups", kind="integer"),
)  # fmt: skip


class Coffee(Scenario):
    """A cup, its saucer and other crockery on a table, in other light and before another background each time."""

    scene = "scene"
    templates = (*CUPS, *SAUCERS, *DISHES, *SPOONS, *TEAPOTS, *CLUTTER, TABLE, FLOOR)
    views = {  # noqa: RUF012  # declared as by every task
        "": {"passes": ["rgb", "segmentation"], "width": WIDTH, "height": HEIGHT, "shadow_maps": True}
    }
    parameters = ParameterSpace(*_SUBJECTS, *_VIEW, *_BACKGROUND, *_LIGHT, *_DROP, *_TEXTURE, *_CLUTTER)

    cups, presence, tall, saucer, matches = 1.0, 1.0, 1.0, 1.0, 0.0
    elevation, distance, aside, roll = 0.8, 4.5, 0.0, 0.0
    surrounded, edge, pictured = 0.0, 8.0, 0.0
    drop, tip = 0.0, 0.0
    spoons, things, teapots = 0.0, 0.0, 0.0

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        """The table and what stands on it: cups on saucers, spoons beside them, teapots and clutter around."""
        yield from self._ground(rng)
        taken = [(0.0, 0.0, ROOM)]
        others = [self._free(taken, ROOM, 2.2, rng) for _ in range(round(self.cups) - 1)]
        for place in [(0.0, 0.0), *others]:
            if place and rng.random() < self.presence:
                yield from self._served(place, rng)
        for _ in range(round(self.spoons)):
            turn, away = rng.uniform(-math.pi, math.pi), rng.uniform(0.55, 1.2)
            beside = (away * math.cos(turn), away * math.sin(turn), 0.3)
            yield Item(str(rng.choice(SPOONS)), self._let_go(beside, rng), scale=rng.uniform(0.8, 1.1))
        for name in [str(rng.choice(TEAPOTS))] * round(self.teapots):
            if place := self._free(taken, 1.0, 2.6, rng):
                yield Item(name, self._let_go((*place, 0.0), rng), scale=rng.uniform(0.7, 1.1))
        for _ in range(round(self.things)):
            if place := self._free(taken, 0.7, 3.2, rng):
                yield self._thing(place, rng)

    def sample(self, world: World, rng: np.random.Generator) -> Mapping[str, Any]:
        """Lets all of it fall until it rests, or nearly so, and points the camera at it."""
        world.settle(0.8)
        azimuth = rng.uniform(-math.pi, math.pi)
        level, up = math.cos(self.elevation), math.sin(self.elevation)
        target = np.array([*rng.normal(0.0, self.aside, 2), rng.uniform(0.1, 0.6)])
        away = self.distance * np.array([level * math.cos(azimuth), level * math.sin(azimuth), up])
        camera = world.camera("Camera")
        camera.look_at(target + away, target)
        pose = np.array(camera.pose)
        cosine, sine = math.cos(self.roll), math.sin(self.roll)
        pose[:3, :3] = pose[:3, :3] @ [[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]]
        camera.place(pose)
        return {}

    def _ground(self, rng: np.random.Generator) -> Iterator[Item]:
        turn = rng.uniform(-math.pi, math.pi)
        edge = (self.edge * math.cos(turn), self.edge * math.sin(turn), 0.0)
        wood = str(rng.choice(WOODS)) if rng.random() < self.pictured else None
        yield Item(TABLE, Pose(edge, about_z(turn)), material=wood)
        world = str(rng.choice(SURROUNDINGS)) if rng.random() < self.surrounded else None
        place = (*rng.uniform(-15.0, 15.0, 2), -rng.uniform(2.0, 8.0))
        yield Item(FLOOR, Pose(place, about_z(rng.uniform(-math.pi, math.pi))), material=world)

    def _served(self, place: tuple[float, float], rng: np.random.Generator) -> Iterator[Item]:
        """A cup, on its saucer if it has one."""
        if self.saucer:
            name = str(rng.choice(SAUCERS if self.matches else DISHES))
            yield Item(name, Pose((*place, 0.0), about_z(rng.uniform(-math.pi, math.pi))))
        width = rng.uniform(0.85, 1.1) * (0.9 if self.saucer else 1.1)
        pose = self._let_go((*place, WELL if self.saucer else 0.0), rng)
        yield Item(str(rng.choice(CUPS)), pose, scale=(width, width, width * self.tall))

    def _thing(self, place: tuple[float, float], rng: np.random.Generator) -> Item:
        name, scale = str(rng.choice(CLUTTER)), rng.uniform(0.5, 1.2)
        height = 0.6 * scale if name in ("Box", "Can", "Ball") else 0.2 * scale
        material = str(rng.choice(PAINTS if rng.random() < 0.7 else WOODS))
        return Item(
            name, self._let_go((*place, height), rng), scale=scale * rng.uniform(0.8, 1.2, 3), material=material
        )

    def _let_go(self, place: tuple[float, float, float], rng: np.random.Generator) -> Pose:
        """Where something is let go: turned anyhow, and leaning a little if things are dropped."""
        x, y, z = place
        turn, lean, side = rng.uniform(-math.pi, math.pi), rng.normal(0.0, self.tip), rng.uniform(0.0, math.pi)
        height = z + GAP + self.drop * rng.random() + 0.5 * abs(math.sin(lean))
        cosine, sine = math.cos(lean / 2.0), math.sin(lean / 2.0)
        w, k = math.cos(turn / 2.0), math.sin(turn / 2.0)
        a, b = sine * math.cos(side), sine * math.sin(side)
        return Pose((x, y, height), (cosine * w, a * w + b * k, b * w - a * k, cosine * k))

    def _free(
        self, taken: list[tuple[float, float, float]], radius: float, reach: float, rng: np.random.Generator
    ) -> tuple[float, float] | None:
        """A place that is far enough from all that are taken, and is taken from then on; ``None`` if none is found."""
        for x, y in rng.uniform(-reach, reach, (TRIES, 2)).tolist():
            if all(math.hypot(x - a, y - b) >= 0.8 * (radius + other) for a, b, other in taken):
                taken.append((x, y, radius))
                return x, y
        return None
