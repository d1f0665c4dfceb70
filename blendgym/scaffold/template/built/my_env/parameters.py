"""What can be randomized."""

from blendgym.parameters import (
    ActionLatency,
    JointDamping,
    Light,
    LogUniform,
    Mass,
    Material,
    ObservationNoise,
    Parameter,
    ParameterSpace,
    TaskAttribute,
)

PARAMETERS = ParameterSpace(
    Parameter(
        name="puck.mass", unit="kg", nominal=0.5, low=0.2, high=2.0, prior=LogUniform(), binding=Mass("Puck"),
        description="Mass of the puck",
    ),
    Parameter(
        name="rail.damping", unit="N·s/m", nominal=0.0, low=0.0, high=1.0, binding=JointDamping("Slide"),
        description="Viscous friction between puck and rail",
    ),
    Parameter(
        name="force.scale", unit="N", nominal=1.0, low=0.5, high=2.0, group="actuator",
        binding=TaskAttribute("force_scale"), description="Force of the strongest action",
    ),
    Parameter(
        name="action.latency", unit="steps", nominal=0, low=0, high=3, kind="integer", group="actuator",
        binding=ActionLatency(), description="Steps until an action takes effect",
    ),
    Parameter(
        name="observation.noise", unit="1", nominal=0.0, low=0.0, high=0.1, group="sensor",
        binding=ObservationNoise(), description="White noise, as a share of 1 m and 1 m/s",
    ),
    Parameter(
        name="puck.hue", unit="rad", nominal=0.1433, low=0.0, high=6.28, group="visual",
        binding=Material("Puck", "hue"), description="Hue of the puck; 0 is red, 2.09 green, 4.19 blue",
    ),
    Parameter(
        name="sun.strength", unit="W/m²", nominal=2.6, low=0.8, high=6.0, prior=LogUniform(), group="visual",
        binding=Light("Sun", "strength"), description="Irradiance of the sun",
    ),
)  # fmt: skip
