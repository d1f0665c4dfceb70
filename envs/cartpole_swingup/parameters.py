"""What can be randomized about the swing-up."""

from __future__ import annotations

from blendgym.envs.cartpole.parameters import CART_MASS, POLE_MASS, TRACK_DAMPING
from blendgym.envs.shared_parameters import (
    CART_HUE,
    DAYLIGHT,
    GROUND_TEXTURE,
    POLE_HUE,
    action_latency,
    camera_distance,
    camera_height,
    gravity,
    observation_latency,
    observation_noise,
)
from blendgym.parameters import (
    JointDamping,
    Length,
    LogUniform,
    Parameter,
    ParameterSpace,
    TaskAttribute,
)

CAMERA_TARGET = (0.0, 0.0, -0.1)  # m

PARAMETERS = ParameterSpace(
    CART_MASS,
    POLE_MASS,
    Parameter(
        name="pole.length", unit="m", nominal=1.0, low=0.3, high=2.0, prior=LogUniform(),
        binding=Length("Pole", axis="z"), description="Length of the pole, from the hinge to its tip",
    ),
    Parameter(
        name="force.scale", unit="N", nominal=10.0, low=2.0, high=20.0, prior=LogUniform(),
        binding=TaskAttribute("force_scale"), description="Force at full action",
    ),
    gravity(low=1.0, high=20.0),
    TRACK_DAMPING,
    Parameter(
        name="hinge.damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.004, binding=JointDamping("Hinge"),
        description="Viscous friction in the hinge",
    ),
    Parameter(
        name="start.spread", unit="1", nominal=0.05, low=0.0, high=0.5, binding=TaskAttribute("start_spread"),
        description="Bound of each initial value, in m, m/s, rad and rad/s",
    ),
    action_latency(high=5),
    observation_latency(high=3),
    observation_noise(high=0.1, scale="0.5 m, 1 m/s, 1, 1 and 4 rad/s"),
    *DAYLIGHT,
    POLE_HUE,
    CART_HUE,
    GROUND_TEXTURE,
    camera_distance(nominal=8.2, low=8.0, high=11.0, target=CAMERA_TARGET, of="the middle of the track"),
    camera_height(nominal=0.9, low=0.0, high=3.0, target=CAMERA_TARGET, above="the middle of the cart"),
)  # fmt: skip
