"""A cluttered room seen by two cameras side by side (runs on both sides of the wire). Lengths in m, angles in rad."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from blendgym.layout import Item
from blendgym.parameters import (
    Lens,
    Light,
    LogUniform,
    Normal,
    Parameter,
    ParameterSpace,
    Sensor,
    Sky,
    Target,
    TaskAttribute,
)
from blendgym.photographs.depth.room import CAMERAS, PAINTS, PRINTS, REACH, THIN, THINGS, WALL
from blendgym.scenario import Scenario
from blendgym.world import Pose, World

WIDTH, HEIGHT = 192, 128
"""Of renders, in pixels."""

_LEVEL = math.pi / 2.0
"""By which a camera of Blender, which looks down, is turned about x to look straight ahead."""


@dataclass(frozen=True)
class FieldOfView(TaskAttribute):
    """The horizontal angle that both cameras see, in rad, which the scenario knows, too."""

    def apply(self, target: Target, value: float) -> None:
        """Sets it for the scenario and both lenses."""
        super().apply(target, value)
        for camera in CAMERAS:
            target.scenery.camera_lens(camera).set("field_of_view", value)

    def read(self, target: Target) -> float:
        """What the left camera sees."""
        return target.scenery.camera_lens(CAMERAS[0]).read("field_of_view")


_RIG = (
    Parameter(
        name="rig.baseline", unit="m", nominal=0.12, low=0.06, high=0.2, group="rig",
        binding=TaskAttribute("baseline"), description="How far the right camera is from the left one",
    ),
    Parameter(
        name="rig.field_of_view", unit="rad", nominal=0.7, low=0.5, high=1.0, group="rig",
        binding=FieldOfView("field_of_view"), description="Horizontal angle that both cameras see: the focal length",
    ),
    Parameter(
        name="rig.height", unit="m", nominal=1.2, low=0.8, high=2.2, group="rig", binding=TaskAttribute("height"),
        description="Of the cameras above the floor",
    ),
    Parameter(
        name="rig.tilt", unit="rad", nominal=-0.15, low=-0.35, high=0.1, group="rig", binding=TaskAttribute("tilt"),
        description="How far both cameras look up",
    ),
)  # fmt: skip

_LAYOUT = (
    Parameter(
        name="things", unit="1", nominal=8, low=0, high=24, kind="integer", group="layout",
        binding=TaskAttribute("things"), description="Boxes, balls, cans, cones, pills, rocks and boards",
    ),
    Parameter(
        name="things.thin", unit="1", nominal=0, low=0, high=10, kind="integer", group="layout",
        binding=TaskAttribute("thin"), description="Rods, racks and wheels",
    ),
    Parameter(
        name="things.size", unit="1", nominal=0.2, low=0.08, high=0.35, prior=LogUniform(), group="layout",
        binding=TaskAttribute("size"), description="Of a typical thing, as a share of its distance",
    ),
    Parameter(
        name="things.nearest", unit="m", nominal=2.0, low=0.8, high=3.0, group="layout",
        binding=TaskAttribute("nearest"), description="Distance from which on things may be",
    ),
    Parameter(
        name="room.depth", unit="m", nominal=5.0, low=3.5, high=10.0, prior=LogUniform(), group="layout",
        binding=TaskAttribute("depth"), description="Distance of the wall ahead",
    ),
    Parameter(
        name="room.slant", unit="rad", nominal=0.0, low=-0.25, high=0.25, group="layout",
        binding=TaskAttribute("slant"), description="Turn of the walls about the vertical",
    ),
)  # fmt: skip

_TEXTURE = (
    Parameter(
        name="things.printed", unit="1", nominal=0.0, low=0.0, high=1.0, prior=Normal(1.0, 0.4), group="texture",
        binding=TaskAttribute("printed"), description="Share of the things that have pictures on them",
    ),
    Parameter(
        name="room.printed", unit="1", nominal=0.0, low=0.0, high=1.0, prior=Normal(1.0, 0.4), group="texture",
        binding=TaskAttribute("papered"), description="Share of floor and walls that have pictures on them",
    ),
)  # fmt: skip

_LIGHT = (
    Parameter(
        name="sun.strength", unit="W/m²", nominal=2.0, low=0.5, high=4.0, group="light",
        binding=Light("Sun", "strength"), description="Irradiance of the sun",
    ),
    Parameter(
        name="sun.elevation", unit="rad", nominal=0.9, low=0.3, high=1.4, group="light",
        binding=Light("Sun", "elevation"), description="Height of the sun",
    ),
    Parameter(
        name="sun.azimuth", unit="rad", nominal=2.3, low=-math.pi, high=math.pi, group="light",
        binding=Light("Sun", "azimuth"), description="From which side the sun shines",
    ),
    Parameter(
        name="sky.strength", unit="1", nominal=0.4, low=0.1, high=0.9, group="light", binding=Sky("strength"),
        description="Factor of the light from everywhere",
    ),
)  # fmt: skip

_SENSORS = (
    *(
        Parameter(
            name=f"{camera.lower()}.{name}", unit=unit, nominal=nominal, low=low, high=high, group="sensors",
            binding=binding, description=f"{camera}: {description}",
        )
        for camera in CAMERAS
        for name, unit, nominal, low, high, binding, description in (
            ("exposure", "stops", 0.0, -0.3, 0.3, Sensor(camera, "exposure"), "exposure of the sensor"),
            ("gamma", "1", 1.0, 0.85, 1.15, Sensor(camera, "gamma"), "exponent of the finished picture"),
            ("noise", "1", 0.0, 0.0, 0.015, Sensor(camera, "read_noise"), "deviation of noise, as a share of white"),
            ("blur", "1", 0.0, 0.0, 0.004, Lens(camera, "blur"), "how far out of focus, as a share of the width"),
        )
    ),
    Parameter(
        name="right.pitch", unit="rad", nominal=0.0, low=-0.002, high=0.002, group="sensors",
        binding=TaskAttribute("pitch"), description="How far the right camera looks up more than the left one",
    ),
)  # fmt: skip


class Room(Scenario):
    """A room with a floor, three walls, and things anywhere in it, seen by two cameras at once."""

    scene = "scene"
    templates = (WALL, *THINGS, *THIN)
    views = {  # noqa: RUF012  # declared as by every task
        camera.lower(): {
            "camera": camera, "passes": ["rgb", "depth"], "width": WIDTH, "height": HEIGHT, "samples": 9,
            "shadow_maps": True,
        }
        for camera in CAMERAS
    }  # fmt: skip
    parameters = ParameterSpace(*_RIG, *_LAYOUT, *_TEXTURE, *_LIGHT, *_SENSORS)

    baseline, field_of_view, height, tilt, pitch = 0.12, 0.7, 1.2, -0.15, 0.0
    things, thin, size, nearest, depth, slant = 8.0, 0.0, 0.2, 2.0, 5.0, 0.0
    printed, papered = 0.0, 0.0

    def layout(self, rng: np.random.Generator) -> Iterator[Item]:
        """The room, and things in sight: evenly by their disparity, so that most are near."""
        yield self._wall((0.0, 0.0, -self.height), (0.0, rng.uniform(-math.pi, math.pi)), rng)
        yield self._wall((0.0, self.depth, 0.0), (_LEVEL, self.slant), rng)
        for side in (-1.0, 1.0):
            place = side * self.depth * rng.uniform(0.4, 0.9)
            yield self._wall((place, self.depth, 0.0), (_LEVEL, _LEVEL + self.slant), rng)
        for _ in range(round(self.things)):
            yield self._thing(str(rng.choice(THINGS)), rng)
        for _ in range(round(self.thin)):
            yield self._thing(str(rng.choice(THIN)), rng)

    def sample(self, world: World, _: np.random.Generator) -> Mapping[str, Any]:
        """Places the cameras, of which the right one may look a little up or down."""
        for camera, x, pitch in zip(CAMERAS, (0.0, self.baseline), (0.0, self.pitch), strict=True):
            world.camera(camera).place(Pose((x, 0.0, 0.0), _turned(_LEVEL + self.tilt + pitch, 0.0)))
        return {}

    def _thing(self, name: str, rng: np.random.Generator) -> Item:
        """Something in sight, turned anyhow."""
        slope = math.tan(self.field_of_view / 2.0)
        most = min(1.0 / self.nearest, 2.0 * slope * REACH / (WIDTH * self.baseline))
        ahead = 1.0 / rng.uniform(1.0 / self.depth, most)
        x = ahead * slope * rng.uniform(-1.1, 1.1)
        up = ahead * slope * HEIGHT / WIDTH * rng.uniform(-1.1, 1.1)
        z = ahead * math.sin(self.tilt) + up * math.cos(self.tilt)
        y = ahead * math.cos(self.tilt) - up * math.sin(self.tilt)
        scale = self.size * ahead * rng.uniform(0.5, 1.6) * rng.uniform(0.6, 1.4, 3)
        material = _material(self.printed, rng)
        return Item(name, Pose((x, y, max(z, -self.height)), rng.normal(size=4)), scale=scale, material=material)

    def _wall(
        self, place: tuple[float, float, float], turn: tuple[float, float], rng: np.random.Generator
    ) -> Item:  # fmt: skip
        return Item(WALL, Pose(place, _turned(*turn)), material=_material(self.papered, rng))


def _material(share: float, rng: np.random.Generator) -> str:
    return str(rng.choice(PRINTS if rng.random() < share else PAINTS))


def _turned(about_x: float, about_z: float) -> tuple[float, float, float, float]:
    """The quaternion of a turn about x and then one about z."""
    a, b = about_z / 2.0, about_x / 2.0
    return math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a) * math.sin(b), math.sin(a) * math.cos(b)
