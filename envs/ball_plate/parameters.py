"""What can be randomized about the ball on the plate."""

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
    AngularDamping,
    Friction,
    LinearDamping,
    LogUniform,
    Parameter,
    ParameterSpace,
    TaskAttribute,
)

CAMERA_TARGET = (0.0, -0.03, -0.05)  # m

PARAMETERS = ParameterSpace(
    gravity(low=2.0, high=15.0),
    Parameter(
        name="ball.friction", unit="1", nominal=0.1, low=0.005, high=0.5, prior=LogUniform(), binding=Friction("Ball"),
        description="Coulomb's coefficient between ball and plate; below 2/7 of the tangent of the tilt the ball slips",
    ),
    Parameter(
        name="ball.rolling_loss", unit="1", nominal=0.0, low=0.0, high=0.8, binding=AngularDamping("Ball"),
        description="Share of its spin that the ball would lose in a second: rolling friction",
    ),
    Parameter(
        name="ball.drag", unit="1", nominal=0.0, low=0.0, high=0.5, binding=LinearDamping("Ball"),
        description="Share of its velocity that the ball would lose in a second: the drag of the air",
    ),
    Parameter(
        name="tilt.scale", unit="rad", nominal=0.2, low=0.1, high=0.3, prior=LogUniform(),
        binding=TaskAttribute("tilt_scale"), description="Tilt along x or y at full action",
    ),
    Parameter(
        name="tilt.speed", unit="rad/s", nominal=1.0, low=0.3, high=3.0, prior=LogUniform(),
        binding=TaskAttribute("tilt_speed"), description="How fast the plate tilts at most",
    ),
    Parameter(
        name="level.x", unit="rad", nominal=0.0, low=-0.04, high=0.04, binding=TaskAttribute("level_x"),
        description="How far the plate is off level along x, unknown to its own sensors",
    ),
    Parameter(
        name="level.y", unit="rad", nominal=0.0, low=-0.04, high=0.04, binding=TaskAttribute("level_y"),
        description="How far the plate is off level along y, unknown to its own sensors",
    ),
    Parameter(
        name="start.spread", unit="m", nominal=0.35, low=0.0, high=0.4, binding=TaskAttribute("start_spread"),
        description="Bound of the initial position of the ball along x and y",
    ),
    Parameter(
        name="start.speed", unit="m/s", nominal=0.3, low=0.0, high=0.5, binding=TaskAttribute("start_speed"),
        description="Bound of the initial velocity of the ball along x and y",
    ),
    Parameter(
        name="target.spread", unit="m", nominal=0.25, low=0.0, high=0.35, binding=TaskAttribute("target_spread"),
        description="Bound of the position of the target along x and y",
    ),
    action_latency(high=3),
    observation_latency(high=2),
    observation_noise(high=0.1, scale="0.25 m, 0.5 m/s and 0.1 rad"),
    *DAYLIGHT,
    hue("ball.hue", "Ball", nominal=0.3653, of="the ball"),
    hue("plate.hue", "Plate", nominal=3.759, of="the plate"),
    GROUND_TEXTURE,
    camera_distance(nominal=1.57, low=1.4, high=2.2, target=CAMERA_TARGET, of="the middle of the plate"),
    camera_height(nominal=1.7, low=1.6, high=2.2, target=CAMERA_TARGET, above="the plate"),
)  # fmt: skip
