"""What can be randomized about the rover and its courses."""

from __future__ import annotations

import math

from blendgym.envs.shared_parameters import (
    DAYLIGHT,
    GROUND_TEXTURE,
    SENSOR,
    action_latency,
    camera_height,
    field_of_view,
    gravity,
    observation_latency,
    observation_noise,
)
from blendgym.parameters import (
    Camera,
    Friction,
    LogUniform,
    Mass,
    Material,
    Parameter,
    ParameterSpace,
    TaskAttribute,
)

CAMERA_TARGET = (4.12, 0.0, -0.15)  # m, in the frame of the chassis

PARAMETERS = ParameterSpace(
    Parameter(
        name="chassis.mass", unit="kg", nominal=6.0, low=3.0, high=15.0, prior=LogUniform(), binding=Mass("Chassis"),
        description="Mass of the chassis",
    ),
    Parameter(
        name="payload.mass", unit="kg", nominal=0.5, low=0.1, high=5.0, prior=LogUniform(), binding=Mass("Payload"),
        description="Mass of the payload, which stands behind the axle, 0.36 m above the ground",
    ),
    Parameter(
        name="motor.torque", unit="N·m", nominal=3.0, low=0.5, high=6.0, prior=LogUniform(),
        binding=TaskAttribute("motor_torque"), description="Largest torque of each wheel's motor",
    ),
    Parameter(
        name="motor.bias", unit="1", nominal=0.0, low=-0.2, high=0.2, binding=TaskAttribute("motor_bias"),
        description="Share by which the right wheel is faster than asked for, and the left one slower",
    ),
    Parameter(
        name="speed.scale", unit="m/s", nominal=1.5, low=0.7, high=2.5, binding=TaskAttribute("speed_scale"),
        description="Speed at full throttle",
    ),
    Parameter(
        name="ground.friction", unit="1", nominal=0.8, low=0.1, high=1.0, binding=Friction("Ground"),
        description="Coulomb friction between wheels and ground",
    ),
    gravity(low=1.62, high=15.0, note="; the least is that of the Moon"),
    Parameter(
        name="obstacles.count", unit="1", nominal=12, low=0, high=24, kind="integer",
        binding=TaskAttribute("obstacles_count"), description="Number of obstacles, as far as there is room for them",
    ),
    Parameter(
        name="obstacles.size", unit="1", nominal=1.0, low=0.6, high=1.6, binding=TaskAttribute("obstacles_size"),
        description="Factor of the widths of the obstacles",
    ),
    Parameter(
        name="beacon.distance", unit="m", nominal=6.0, low=2.0, high=9.0, binding=TaskAttribute("beacon_distance"),
        description="Least distance of the beacon from the start",
    ),
    Parameter(
        name="start.spread", unit="rad", nominal=1.571, low=0.0, high=math.pi, binding=TaskAttribute("start_spread"),
        description="Bound of the angle between the first heading and the beacon",
    ),
    action_latency(high=3),
    observation_latency(high=3),
    observation_noise(high=0.1, scale="1 m, 1 (cosine and sine), 0.5 m/s and 0.5 rad/s"),
    *DAYLIGHT,
    GROUND_TEXTURE,
    Parameter(
        name="beacon.hue", unit="rad", nominal=6.0596, low=5.4, high=6.28, group="visual",
        binding=Material("Beacon", "hue"), description="Hue of the beacon, from violet to red",
    ),
    Parameter(
        name="crate.hue", unit="rad", nominal=0.5, low=0.0, high=4.5, group="visual",
        binding=Material("Crate", "hue"), description="Hue of the crates; 0 is red, 2.09 green, 4.19 blue",
    ),
    Parameter(
        name="boulder.brightness", unit="1", nominal=0.27, low=0.1, high=0.6, group="visual",
        binding=Material("Boulder", "brightness"), description="Largest of red, green and blue of the boulders",
    ),
    camera_height(nominal=0.45, low=0.3, high=0.7, target=CAMERA_TARGET, above="the centre of the chassis"),
    Parameter(
        name="camera.tilt", unit="rad", nominal=0.0, low=-0.15, high=0.15, group="visual",
        binding=Camera("Camera", "tilt", target=CAMERA_TARGET),
        description="How far above the ground 4 m ahead the camera looks",
    ),
    field_of_view(nominal=1.5708, low=1.2, high=1.9),
    *SENSOR,
)  # fmt: skip
