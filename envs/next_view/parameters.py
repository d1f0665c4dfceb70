"""What can be randomized about the bin and what lies in it."""

from __future__ import annotations

from blendgym.envs.next_view.heap import MAX_OBJECTS
from blendgym.envs.shared_parameters import (
    DAYLIGHT,
    GROUND_TEXTURE,
    SENSOR,
    action_latency,
    field_of_view,
    gravity,
    hue,
    observation_latency,
    observation_noise,
)
from blendgym.parameters import Lens, Material, Parameter, ParameterSpace, TaskAttribute

PARAMETERS = ParameterSpace(
    Parameter(
        name="objects", unit="1", nominal=8, low=5, high=MAX_OBJECTS, kind="integer", binding=TaskAttribute("objects"),
        description="How many objects there are",
    ),
    Parameter(
        name="object.size", unit="1", nominal=1.0, low=0.8, high=1.2, binding=TaskAttribute("object_size"),
        description="Factor of the sizes of all objects",
    ),
    Parameter(
        name="object.size_spread", unit="1", nominal=0.2, low=0.0, high=0.4, binding=TaskAttribute("size_spread"),
        description="Largest deviation of the size of one object from that, as a share of it",
    ),
    Parameter(
        name="object.friction", unit="1", nominal=0.6, low=0.2, high=1.0, binding=TaskAttribute("friction"),
        description="Coefficient of friction between objects, and with the bin",
    ),
    Parameter(
        name="object.restitution", unit="1", nominal=0.0, low=0.0, high=0.5, binding=TaskAttribute("restitution"),
        description="Share of the speed that is left after an impact",
    ),
    Parameter(
        name="drop.height", unit="m", nominal=0.5, low=0.35, high=1.0, binding=TaskAttribute("drop_height"),
        description="Height above the bottom of the bin from which the first object falls",
    ),
    Parameter(
        name="drop.spread", unit="m", nominal=0.4, low=0.2, high=0.42, binding=TaskAttribute("drop_spread"),
        description="How far from the middle objects fall at most, along x and along y",
    ),
    gravity(low=2.0, high=15.0),
    Parameter(
        name="azimuth.scale", unit="rad", nominal=1.5, low=0.8, high=2.0, group="actuator",
        binding=TaskAttribute("azimuth_scale"), description="How far the camera goes around the bin at full action",
    ),
    Parameter(
        name="elevation.scale", unit="rad", nominal=0.5, low=0.25, high=0.8, group="actuator",
        binding=TaskAttribute("elevation_scale"), description="How far it goes up or down at full action",
    ),
    action_latency(high=2),
    observation_latency(high=2),
    observation_noise(high=0.2, scale="0.5 m and 1"),
    *DAYLIGHT,
    hue("bin.hue", "Bin", nominal=3.839, of="the bin"),
    Parameter(
        name="bin.brightness", unit="1", nominal=0.24, low=0.05, high=0.7, group="visual",
        binding=Material("Bin", "brightness"), description="Brightness of the bin",
    ),
    GROUND_TEXTURE,
    field_of_view(nominal=0.6981, low=0.65, high=0.9),
    Parameter(
        name="lens.k1", unit="1", nominal=0.0, low=-0.3, high=0.2, group="imaging", binding=Lens("Camera", "k1"),
        description="Radial distortion of the lens, as OpenCV has it; negative is a barrel",
    ),
    *SENSOR,
)  # fmt: skip
