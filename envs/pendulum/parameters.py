"""What can be randomized about the pendulum."""

from __future__ import annotations

from blendgym.envs.shared_parameters import (
    DAYLIGHT,
    GROUND_TEXTURE,
    POLE_HUE,
    action_latency,
    observation_latency,
    observation_noise,
)
from blendgym.parameters import (
    Camera,
    Gravity,
    JointDamping,
    Length,
    LogUniform,
    Mass,
    Material,
    Parameter,
    ParameterSpace,
    TaskAttribute,
)

CAMERA_TARGET = (0.0, 0.0, -0.05)  # m

PARAMETERS = ParameterSpace(
    Parameter(
        name="pole.mass", unit="kg", nominal=1.0, low=0.5, high=2.0, prior=LogUniform(), binding=Mass("Pole"),
        description="Mass of the pole",
    ),
    Parameter(
        name="pole.length", unit="m", nominal=1.0, low=0.5, high=1.5, prior=LogUniform(),
        binding=Length("Pole", axis="z"), description="Length of the pole, from the hinge to its tip",
    ),
    Parameter(
        name="gravity", unit="m/s²", nominal=9.81, low=2.0, high=20.0, binding=Gravity(),
        description="Gravitational acceleration",
    ),
    Parameter(
        name="hinge.damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.12, binding=JointDamping("Hinge"),
        description="Viscous friction in the hinge",
    ),
    Parameter(
        name="torque.scale", unit="N·m", nominal=2.0, low=1.0, high=4.0, prior=LogUniform(),
        binding=TaskAttribute("torque_scale"), description="Torque at full action",
    ),
    Parameter(
        name="start.spread", unit="1", nominal=0.1, low=0.0, high=3.0, binding=TaskAttribute("start_spread"),
        description="Bound of the initial angle and velocity, in rad and rad/s",
    ),
    action_latency(high=3),
    observation_latency(high=2),
    observation_noise(high=0.1, scale="1, 1 and 4 rad/s"),
    *DAYLIGHT,
    POLE_HUE,
    Parameter(
        name="dial.hue", unit="rad", nominal=3.759, low=0.0, high=6.28, group="visual",
        binding=Material("Dial", "hue"), description="Hue of the dial behind the pole; 0 is red, 2.09 green, 4.19 blue",
    ),
    GROUND_TEXTURE,
    Parameter(
        name="camera.distance", unit="m", nominal=5.8, low=5.6, high=8.0, group="visual",
        binding=Camera("Camera", "distance", target=CAMERA_TARGET),
        description="Horizontal distance of the camera from the hinge",
    ),
    Parameter(
        name="camera.height", unit="m", nominal=0.7, low=0.0, high=2.0, group="visual",
        binding=Camera("Camera", "height", target=CAMERA_TARGET), description="Height of the camera above the hinge",
    ),
)  # fmt: skip
