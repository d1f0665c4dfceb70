"""What can be randomized about Push-T."""

from __future__ import annotations

from blendgym.envs.push_t.radius import Radius
from blendgym.envs.shared_parameters import (
    DAYLIGHT,
    action_latency,
    gravity,
    hue,
    observation_latency,
    observation_noise,
    texture,
)
from blendgym.parameters import (
    Camera,
    Friction,
    LogUniform,
    Parameter,
    ParameterSpace,
    Restitution,
    TaskAttribute,
)

PARAMETERS = ParameterSpace(
    Parameter(
        name="table.friction", unit="1", nominal=0.5, low=0.2, high=1.0, prior=LogUniform(),
        binding=Friction("Table"), description="Coulomb's coefficient between block and table",
    ),
    Parameter(
        name="finger.friction", unit="1", nominal=0.5, low=0.0, high=1.0, binding=Friction("Finger"),
        description="Coulomb's coefficient between block and finger",
    ),
    Parameter(
        name="finger.radius", unit="m", nominal=0.025, low=0.015, high=0.04, binding=Radius("Finger"),
        description="Radius of the finger",
    ),
    Parameter(
        name="block.restitution", unit="1", nominal=0.0, low=0.0, high=0.8, binding=Restitution("Block"),
        description="Share of the finger's speed with which the block bounces off, beside that of the finger",
    ),
    gravity(low=2.0, high=20.0, note=", which presses the block to the table"),
    Parameter(
        name="start.spread", unit="1", nominal=1.0, low=0.0, high=1.0, binding=TaskAttribute("start_spread"),
        description="How far from its goal the block begins: 1 is up to 0.25 m along x and y, turned any way",
    ),
    Parameter(
        name="finger.speed", unit="m/s", nominal=0.3, low=0.1, high=0.5, prior=LogUniform(), group="actuator",
        binding=TaskAttribute("finger_speed"), description="Highest speed of the finger",
    ),
    Parameter(
        name="finger.gain", unit="1/s", nominal=10.0, low=3.0, high=30.0, prior=LogUniform(), group="actuator",
        binding=TaskAttribute("finger_gain"), description="Speed of the finger for each metre to its target",
    ),
    action_latency(high=3),
    observation_latency(high=3),
    observation_noise(high=0.05, scale="1"),
    *DAYLIGHT,
    hue("block.hue", "Block", nominal=3.665, of="the block"),
    hue("goal.hue", "Goal", nominal=2.154, of="the goal"),
    hue("finger.hue", "Finger", nominal=3.979, of="the finger"),
    texture("table.texture", "Table", size=0.2, of="the table"),
    Parameter(
        name="camera.distance", unit="m", nominal=0.02, low=0.02, high=0.5, group="visual",
        binding=Camera("Camera", "distance"), description="How far the camera is from straight above the table",
    ),
    Parameter(
        name="camera.height", unit="m", nominal=1.6, low=1.5, high=2.0, group="visual",
        binding=Camera("Camera", "height"), description="Height of the camera above the table",
    ),
    Parameter(
        name="camera.azimuth", unit="rad", nominal=-1.571, low=-1.8, high=-1.3, group="visual",
        binding=Camera("Camera", "azimuth"), description="Side of the camera, from +x towards +y",
    ),
)  # fmt: skip
