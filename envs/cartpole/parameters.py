"""What can be randomized about the cart-pole."""

from __future__ import annotations

from blendgym.envs.shared_parameters import (
    CART_HUE,
    DAYLIGHT,
    GROUND_TEXTURE,
    POLE_HUE,
    action_latency,
    camera_distance,
    camera_height,
    field_of_view,
    gravity,
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

CAMERA_TARGET = (0.0, 0.0, 0.3)  # m

CART_MASS = Parameter(
    name="cart.mass", unit="kg", nominal=1.0, low=0.25, high=4.0, prior=LogUniform(), binding=Mass("Cart"),
    description="Mass of the cart",
)  # fmt: skip

POLE_MASS = Parameter(
    name="pole.mass", unit="kg", nominal=0.1, low=0.05, high=1.0, prior=LogUniform(), binding=Mass("Pole"),
    description="Mass of the pole",
)  # fmt: skip

TRACK_DAMPING = Parameter(
    name="track.damping", unit="N·s/m", nominal=0.0, low=0.0, high=3.0, binding=JointDamping("Track"),
    description="Viscous friction between cart and track",
)  # fmt: skip

PARAMETERS = ParameterSpace(
    CART_MASS,
    POLE_MASS,
    Parameter(
        name="pole.length", unit="m", nominal=1.0, low=0.2, high=5.0, prior=LogUniform(),
        binding=Length("Pole", axis="z"), description="Length of the pole, from the hinge to its tip",
    ),
    Parameter(
        name="force.scale", unit="N", nominal=10.0, low=1.0, high=25.0, prior=LogUniform(),
        binding=TaskAttribute("force_scale"), description="Force at full action",
    ),
    gravity(low=1.0, high=25.0),
    TRACK_DAMPING,
    Parameter(
        name="hinge.damping", unit="N·m·s/rad", nominal=0.0, low=0.0, high=0.002, binding=JointDamping("Hinge"),
        description="Viscous friction in the hinge",
    ),
    Parameter(
        name="start.spread", unit="1", nominal=0.05, low=0.0, high=0.2, binding=TaskAttribute("start_spread"),
        description="Bound of each initial value, in m, m/s, rad and rad/s",
    ),
    action_latency(high=7),
    observation_latency(high=3),
    observation_noise(high=0.2, scale="0.5 m, 0.5 m/s, 0.1 rad, 0.5 rad/s"),
    *DAYLIGHT,
    POLE_HUE,
    CART_HUE,
    GROUND_TEXTURE,
    camera_distance(nominal=6.6, low=6.5, high=9.0, target=CAMERA_TARGET, of="the middle of the track"),
    camera_height(nominal=1.2, low=0.5, high=3.0, target=CAMERA_TARGET, above="the middle of the cart"),
    field_of_view(nominal=0.8378, low=0.82, high=1.1),
)  # fmt: skip
