"""What can be randomized about the acrobot."""

from __future__ import annotations

from blendgym.envs.shared_parameters import (
    DAYLIGHT,
    GROUND_TEXTURE,
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

CAMERA_TARGET = (0.0, 0.0, -0.2)  # m

PARAMETERS = ParameterSpace(
    Parameter(
        name="upper.mass", unit="kg", nominal=1.0, low=0.5, high=2.0, prior=LogUniform(), binding=Mass("Upper"),
        description="Mass of the upper link",
    ),
    Parameter(
        name="lower.mass", unit="kg", nominal=1.0, low=0.5, high=2.0, prior=LogUniform(), binding=Mass("Lower"),
        description="Mass of the lower link",
    ),
    Parameter(
        name="upper.length", unit="m", nominal=1.2, low=0.9, high=1.5, prior=LogUniform(),
        binding=Length("Upper", axis="z"),
        description="Length of the upper link from end to end, 1.2 times the distance of its pins",
    ),
    Parameter(
        name="lower.length", unit="m", nominal=1.2, low=0.9, high=1.5, prior=LogUniform(),
        binding=Length("Lower", axis="z"),
        description="Length of the lower link from end to end, 1.2 times the distance of its pins",
    ),
    Parameter(
        name="torque.scale", unit="N·m", nominal=2.0, low=1.0, high=4.0, prior=LogUniform(),
        binding=TaskAttribute("torque_scale"), description="Torque of the elbow at full action",
    ),
    gravity(low=4.0, high=16.0),
    Parameter(
        name="upper.damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.1, binding=JointDamping("Shoulder"),
        description="Viscous friction of the shoulder",
    ),
    Parameter(
        name="lower.damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.1, binding=JointDamping("Elbow"),
        description="Viscous resistance of the air to the lower link's rotation, whatever the upper one does",
    ),
    Parameter(
        name="start.spread", unit="1", nominal=0.1, low=0.0, high=0.5, binding=TaskAttribute("start_spread"),
        description="Bound of each initial angle and angular velocity, in rad and rad/s",
    ),
    action_latency(high=3),
    observation_latency(high=2),
    observation_noise(high=0.1, scale="1 for cosines and sines, 3 and 6 rad/s"),
    *DAYLIGHT,
    hue("upper.hue", "Upper", nominal=3.759, of="the upper link"),
    hue("lower.hue", "Lower", nominal=0.3653, of="the lower link"),
    hue("line.hue", "Line", nominal=0.0967, of="the bar"),
    GROUND_TEXTURE,
    camera_distance(nominal=9.2, low=9.0, high=12.0, target=CAMERA_TARGET, of="the shoulder"),
    camera_height(nominal=0.9, low=0.0, high=3.0, target=CAMERA_TARGET, above="the shoulder"),
)  # fmt: skip
