"""Randomization parameters that several environments of the suite have in common."""

from __future__ import annotations

from blendgym.parameters import (
    TEXTURES,
    ActionLatency,
    Light,
    LogUniform,
    Material,
    ObservationLatency,
    ObservationNoise,
    Parameter,
    Sky,
)


def action_latency(high: int) -> Parameter:
    """The delay of actions, which is none unless it is randomized.

    Args:
        high: The longest delay, in steps.
    """
    return Parameter(
        name="action.latency", unit="steps", nominal=0, low=0, high=high, kind="integer", group="actuator",
        binding=ActionLatency(), description="Steps until an action takes effect; the motor rests before the first",
    )  # fmt: skip


def observation_latency(high: int) -> Parameter:
    """The delay of observations, which is none unless it is randomized.

    Args:
        high: The longest delay, in steps.
    """
    return Parameter(
        name="observation.latency", unit="steps", nominal=0, low=0, high=high, kind="integer", group="sensor",
        binding=ObservationLatency(), description="Steps until an observation is seen",
    )  # fmt: skip


def observation_noise(high: float, scale: str) -> Parameter:
    """The noise of observations, which is none unless it is randomized.

    Args:
        high: The strongest noise: its standard deviation, as a share of the scale.
        scale: The ``observation_scale`` of the task, in words.
    """
    return Parameter(
        name="observation.noise", unit="1", nominal=0.0, low=0.0, high=high, group="sensor",
        binding=ObservationNoise(), description=f"White noise, as a share of {scale}",
    )  # fmt: skip


DAYLIGHT: tuple[Parameter, ...] = (
    Parameter(
        name="sun.strength", unit="W/m²", nominal=2.6, low=0.8, high=6.0, prior=LogUniform(), group="visual",
        binding=Light("Sun", "strength"), description="Irradiance of the sun",
    ),
    Parameter(
        name="sun.temperature", unit="K", nominal=5684.0, low=2500.0, high=12000.0, prior=LogUniform(),
        group="visual", binding=Light("Sun", "temperature"), description="Colour of the sun, as that of a black body",
    ),
    Parameter(
        name="sun.elevation", unit="rad", nominal=0.7695, low=0.2, high=1.4, group="visual",
        binding=Light("Sun", "elevation"), description="Height of the sun above the horizon",
    ),
    Parameter(
        name="sun.azimuth", unit="rad", nominal=-2.112, low=-3.1, high=0.0, group="visual",
        binding=Light("Sun", "azimuth"), description="Side of the sun, from +x towards +y; the camera is at -1.57",
    ),
    Parameter(
        name="sky.strength", unit="1", nominal=1.0, low=0.3, high=1.5, prior=LogUniform(), group="visual",
        binding=Sky("strength"), description="Factor of the radiance of the sky",
    ),
    Parameter(
        name="sky.hue", unit="rad", nominal=3.693, low=0.0, high=6.28, group="visual",
        binding=Sky("hue"), description="Hue of the sky; 0 is red, 2.09 green, 4.19 blue",
    ),
)  # fmt: skip
"""Of the sun and the sky that ``blendgym.scenes.surroundings`` gives to every scene."""

POLE_HUE = Parameter(
    name="pole.hue", unit="rad", nominal=0.3653, low=0.0, high=6.28, group="visual",
    binding=Material("Pole", "hue"), description="Hue of the pole; 0 is red, 2.09 green, 4.19 blue",
)  # fmt: skip

CART_HUE = Parameter(
    name="cart.hue", unit="rad", nominal=3.759, low=0.0, high=6.28, group="visual",
    binding=Material("Cart", "hue"), description="Hue of the cart; 0 is red, 2.09 green, 4.19 blue",
)  # fmt: skip

GROUND_TEXTURE = Parameter(
    name="ground.texture", unit="1", nominal=0, low=0, high=len(TEXTURES) - 1, kind="categorical",
    choices=TEXTURES, group="visual", binding=Material("Ground", "texture", size=4.0),
    description="Texture of the ground: plain, checker, stripes, tiles or noise",
)  # fmt: skip
