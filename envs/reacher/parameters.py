"""What can be randomized about the reacher."""

from __future__ import annotations

from blendgym.envs.shared_parameters import (
    DAYLIGHT,
    GROUND_TEXTURE,
    action_latency,
    camera_distance,
    camera_height,
    hue,
    observation_latency,
    observation_noise,
)
from blendgym.parameters import (
    JointDamping,
    Length,
    LogUniform,
    Mass,
    Material,
    Parameter,
    ParameterSpace,
    TaskAttribute,
)

CAMERA_TARGET = (0.0, -0.04, 0.0)  # m

PARAMETERS = ParameterSpace(
    Parameter(
        name="upper_arm.mass", unit="kg", nominal=1.0, low=0.5, high=2.0, prior=LogUniform(), binding=Mass("Upper arm"),
        description="Mass of the upper arm",
    ),
    Parameter(
        name="forearm.mass", unit="kg", nominal=0.5, low=0.2, high=2.0, prior=LogUniform(), binding=Mass("Forearm"),
        description="Mass of the forearm",
    ),
    Parameter(
        name="forearm.length", unit="m", nominal=0.25, low=0.2, high=0.3, binding=Length("Forearm", axis="x"),
        description="Length of the forearm, from the elbow to the fingertip",
    ),
    Parameter(
        name="shoulder.damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.05, binding=JointDamping("Shoulder"),
        description="Viscous friction in the shoulder",
    ),
    Parameter(
        name="elbow.damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.008, binding=JointDamping("Elbow"),
        description="Viscous friction in the elbow",
    ),
    Parameter(
        name="servo.torque", unit="N·m", nominal=4.0, low=1.0, high=8.0, prior=LogUniform(),
        binding=TaskAttribute("servo_torque"), description="Largest torque of each servo",
    ),
    Parameter(
        name="servo.gain", unit="1/s", nominal=20.0, low=10.0, high=40.0, prior=LogUniform(),
        binding=TaskAttribute("servo_gain"), description="Speed of a servo for each rad that it has to go",
    ),
    Parameter(
        name="step.scale", unit="rad", nominal=0.2, low=0.05, high=0.4, prior=LogUniform(),
        binding=TaskAttribute("step_scale"), description="How far ahead a servo is sent by a full action",
    ),
    Parameter(
        name="start.spread", unit="rad", nominal=2.0, low=0.0, high=2.5, binding=TaskAttribute("start_spread"),
        description="Bound of the initial angles of both joints",
    ),
    Parameter(
        name="target.reach", unit="m", nominal=0.5, low=0.25, high=0.5, binding=TaskAttribute("target_reach"),
        description="Largest distance of the target from the shoulder",
    ),
    action_latency(high=3),
    observation_latency(high=2),
    observation_noise(high=0.1, scale="1 (cosines and sines), 2 rad/s and 0.3 m"),
    *DAYLIGHT,
    hue("target.hue", "Target", nominal=0.09666, of="the target"),
    hue("arm.hue", "Arm", nominal=3.759, of="both links"),
    Parameter(
        name="table.brightness", unit="1", nominal=0.45, low=0.2, high=0.9, group="visual",
        binding=Material("Table", "brightness"), description="Brightness of the table",
    ),
    GROUND_TEXTURE,
    camera_distance(nominal=0.75, low=0.6, high=1.0, target=CAMERA_TARGET, of="the middle of the table"),
    camera_height(nominal=1.3, low=1.2, high=1.6, target=CAMERA_TARGET, above="the table"),
)  # fmt: skip
