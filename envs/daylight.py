"""Visual parameters of the sun and the sky that shine on every scene of the suite."""

from __future__ import annotations

from blendgym.randomization import (
    LightAzimuth,
    LightElevation,
    LightStrength,
    LightTemperature,
    LogUniform,
    Parameter,
    SkyHue,
    SkyStrength,
)

DAYLIGHT: tuple[Parameter, ...] = (
    Parameter(
        name="sun.strength", unit="W/m²", nominal=2.6, low=0.8, high=6.0, prior=LogUniform(), group="visual",
        binding=LightStrength("Sun"), description="Irradiance of the sun",
    ),
    Parameter(
        name="sun.temperature", unit="K", nominal=5684.0, low=2500.0, high=12000.0, prior=LogUniform(),
        group="visual", binding=LightTemperature("Sun"), description="Colour of the sun, as that of a black body",
    ),
    Parameter(
        name="sun.elevation", unit="rad", nominal=0.7695, low=0.2, high=1.4, group="visual",
        binding=LightElevation("Sun"), description="Height of the sun above the horizon",
    ),
    Parameter(
        name="sun.azimuth", unit="rad", nominal=-2.112, low=-3.1, high=0.0, group="visual",
        binding=LightAzimuth("Sun"), description="Side of the sun, from +x towards +y; the camera is at -1.57",
    ),
    Parameter(
        name="sky.strength", unit="1", nominal=1.0, low=0.3, high=1.5, prior=LogUniform(), group="visual",
        binding=SkyStrength(), description="Factor of the radiance of the sky",
    ),
    Parameter(
        name="sky.hue", unit="rad", nominal=3.693, low=0.0, high=6.28, group="visual",
        binding=SkyHue(), description="Hue of the sky; 0 is red, 2.09 green, 4.19 blue",
    ),
)  # fmt: skip
"""Those of ``blendgym.scenes.cartpole.surroundings``."""
