"""What can be randomized about the pendulum."""

from __future__ import annotations

from blendgym.envs.shared_parameters import (
    DAYLIGHT,
    GROUND_TEXTURE,
    POLE_HUE,
    action_latency,
    camera_distance,
    camera_height,
    gravity,
    hue,
    observation_latency,
    observation_noise,
)
from blendgym.parameters import (
    JointDamping,
    Length,
    LogUniform,
    Mass,
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
    gravity(low=2.0, high=20.0),
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
    hue("dial.hue", "Dial", nominal=3.759, of="the dial behind the pole"),
    GROUND_TEXTURE,
    camera_distance(nominal=5.8, low=5.6, high=8.0, target=CAMERA_TARGET, of="the hinge"),
    camera_height(nominal=0.7, low=0.0, high=2.0, target=CAMERA_TARGET, above="the hinge"),
)  # fmt: skip
