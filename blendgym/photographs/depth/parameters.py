"""What may differ between rooms and rigs (runs on both sides of the wire). Lengths in m, angles in rad."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
from blendgym.photographs.depth.room import CAMERAS


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
        name="rig.baseline",
        unit="m",
        nominal=0.12,
        low=0.06,
        high=0.2,
        group="rig",
        binding=TaskAttribute("baseline"),
        description="How far the right camera is from the left one",
    ),
    Parameter(
        name="rig.field_of_view",
        unit="rad",
        nominal=0.7,
        low=0.5,
        high=1.0,
        group="rig",
        binding=FieldOfView("field_of_view"),
        description="Horizontal angle that both cameras see: the focal length",
    ),
    Parameter(
        name="rig.height",
        unit="m",
        nominal=1.2,
        low=0.8,
        high=2.2,
        group="rig",
        binding=TaskAttribute("height"),
        description="Of the cameras above the floor",
    ),
    Parameter(
        name="rig.tilt",
        unit="rad",
        nominal=-0.15,
        low=-0.35,
        high=0.1,
        group="rig",
        binding=TaskAttribute("tilt"),
        description="How far both cameras look up",
    ),
)

_LAYOUT = (
    Parameter(
        name="things",
        unit="1",
        nominal=8,
        low=0,
        high=24,
        kind="integer",
        group="layout",
        binding=TaskAttribute("things"),
        description="Boxes, balls, cans, cones, pills, rocks and boards",
    ),
    Parameter(
        name="things.thin",
        unit="1",
        nominal=0,
        low=0,
        high=10,
        kind="integer",
        group="layout",
        binding=TaskAttribute("thin"),
        description="Rods, racks and wheels",
    ),
    Parameter(
        name="things.size",
        unit="1",
        nominal=0.2,
        low=0.08,
        high=0.35,
        prior=LogUniform(),
        group="layout",
        binding=TaskAttribute("size"),
        description="Of a typical thing, as a share of its distance",
    ),
    Parameter(
        name="things.nearest",
        unit="m",
        nominal=2.0,
        low=0.8,
        high=3.0,
        group="layout",
        binding=TaskAttribute("nearest"),
        description="Distance from which on things may be",
    ),
    Parameter(
        name="room.depth",
        unit="m",
        nominal=5.0,
        low=3.5,
        high=10.0,
        prior=LogUniform(),
        group="layout",
        binding=TaskAttribute("depth"),
        description="Distance of the wall ahead",
    ),
    Parameter(
        name="room.slant",
        unit="rad",
        nominal=0.0,
        low=-0.25,
        high=0.25,
        group="layout",
        binding=TaskAttribute("slant"),
        description="Turn of the walls about the vertical",
    ),
)

_TEXTURE = (
    Parameter(
        name="things.printed",
        unit="1",
        nominal=0.0,
        low=0.0,
        high=1.0,
        prior=Normal(1.0, 0.4),
        group="texture",
        binding=TaskAttribute("printed"),
        description="Share of the things that have pictures on them",
    ),
    Parameter(
        name="room.printed",
        unit="1",
        nominal=0.0,
        low=0.0,
        high=1.0,
        prior=Normal(1.0, 0.4),
        group="texture",
        binding=TaskAttribute("papered"),
        description="Share of floor and walls that have pictures on them",
    ),
)

_LIGHT = (
    Parameter(
        name="sun.strength",
        unit="W/m²",
        nominal=2.0,
        low=0.5,
        high=4.0,
        group="light",
        binding=Light("Sun", "strength"),
        description="Irradiance of the sun",
    ),
    Parameter(
        name="sun.elevation",
        unit="rad",
        nominal=0.9,
        low=0.3,
        high=1.4,
        group="light",
        binding=Light("Sun", "elevation"),
        description="Height of the sun",
    ),
    Parameter(
        name="sun.azimuth",
        unit="rad",
        nominal=2.3,
        low=-math.pi,
        high=math.pi,
        group="light",
        binding=Light("Sun", "azimuth"),
        description="From which side the sun shines",
    ),
    Parameter(
        name="sky.strength",
        unit="1",
        nominal=0.4,
        low=0.1,
        high=0.9,
        group="light",
        binding=Sky("strength"),
        description="Factor of the light from everywhere",
    ),
)

_SENSORS = (
    *(
        Parameter(
            name=f"{camera.lower()}.{name}",
            unit=unit,
            nominal=nominal,
            low=low,
            high=high,
            group="sensors",
            binding=binding,
            description=f"{camera}: {description}",
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
        name="right.pitch",
        unit="rad",
        nominal=0.0,
        low=-0.002,
        high=0.002,
        group="sensors",
        binding=TaskAttribute("pitch"),
        description="How far the right camera looks up more than the left one",
    ),
)

PARAMETERS = ParameterSpace(*_RIG, *_LAYOUT, *_TEXTURE, *_LIGHT, *_SENSORS)
