"""Randomization parameters that several environments of the suite have in common."""

from __future__ import annotations

from blendgym.parameters import (
    TEXTURES,
    ActionLatency,
    Camera,
    Gravity,
    Lens,
    Light,
    LogUniform,
    Material,
    ObservationLatency,
    ObservationNoise,
    Parameter,
    Sensor,
    Sky,
)

Triple = tuple[float, float, float]


def action_latency(high: int) -> Parameter:
    """The delay of actions, which is none unless it is randomized.

    Args:
        high: The longest delay, in steps.
    """
    return Parameter(
        name="action.latency", unit="steps", nominal=0, low=0, high=high, kind="integer", group="actuator",
        binding=ActionLatency(),
        description="Steps until an action takes effect; until the first one does, what `reset` has set goes on",
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


def gravity(low: float, high: float, note: str = "") -> Parameter:
    """Gravity, nominally that of the Earth.

    Args:
        low: Lower bound, in m/s².
        high: Upper bound, in m/s².
        note: What else is to be said of it.
    """
    return Parameter(
        name="gravity", unit="m/s²", nominal=9.81, low=low, high=high, binding=Gravity(),
        description=f"Gravitational acceleration{note}",
    )  # fmt: skip


def hue(name: str, material: str, nominal: float, of: str) -> Parameter:
    """The hue of a material, which may be any.

    Args:
        name: Of the parameter.
        material: By its name in Blender.
        nominal: As it is built, in rad.
        of: What is made of it, in words.
    """
    return Parameter(
        name=name, unit="rad", nominal=nominal, low=0.0, high=6.28, group="visual", binding=Material(material, "hue"),
        description=f"Hue of {of}; 0 is red, 2.09 green, 4.19 blue",
    )  # fmt: skip


def texture(name: str, material: str, size: float, of: str) -> Parameter:
    """The texture of a material, which is plain unless it is randomized.

    Args:
        name: Of the parameter.
        material: By its name in Blender.
        size: Of a repetition, in m.
        of: What is made of it, in words.
    """
    return Parameter(
        name=name, unit="1", nominal=0, low=0, high=len(TEXTURES) - 1, kind="categorical", choices=TEXTURES,
        group="visual", binding=Material(material, "texture", size=size),
        description=f"Texture of {of}: plain, checker, stripes, tiles or noise",
    )  # fmt: skip


def camera_distance(nominal: float, low: float, high: float, target: Triple, of: str) -> Parameter:
    """How far the camera is, level, from what it looks at.

    Args:
        nominal: As it is built, in m.
        low: Lower bound, in m.
        high: Upper bound, in m.
        target: Where it looks, (3,), in m.
        of: What is there, in words.
    """
    return Parameter(
        name="camera.distance", unit="m", nominal=nominal, low=low, high=high, group="visual",
        binding=Camera("Camera", "distance", target=target),
        description=f"Horizontal distance of the camera from {of}",
    )  # fmt: skip


def camera_height(nominal: float, low: float, high: float, target: Triple, above: str) -> Parameter:
    """How high the camera is.

    Args:
        nominal: As it is built, in m.
        low: Lower bound, in m.
        high: Upper bound, in m.
        target: Where it looks, (3,), in m.
        above: Where its height is 0, in words.
    """
    return Parameter(
        name="camera.height", unit="m", nominal=nominal, low=low, high=high, group="visual",
        binding=Camera("Camera", "height", target=target), description=f"Height of the camera above {above}",
    )  # fmt: skip


def field_of_view(nominal: float, low: float, high: float) -> Parameter:
    """The lens of the camera.

    Args:
        nominal: As it is built, in rad.
        low: Lower bound, in rad.
        high: Upper bound, in rad.
    """
    return Parameter(
        name="camera.field_of_view", unit="rad", nominal=nominal, low=low, high=high, group="visual",
        binding=Camera("Camera", "field_of_view"), description="Angle that the camera sees horizontally",
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
        binding=Light("Sun", "azimuth"), description="Side of the sun, from +x towards +y",
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

SENSOR: tuple[Parameter, ...] = (
    Parameter(
        name="lens.blur", unit="1", nominal=0.0, low=0.0, high=0.01, group="imaging", binding=Lens("Camera", "blur"),
        description="Standard deviation of what a point becomes out of focus, as a share of the width of the image",
    ),
    Parameter(
        name="sensor.exposure", unit="stops", nominal=0.0, low=-1.0, high=1.0, group="imaging",
        binding=Sensor("Camera", "exposure"), description="Exposure of the image; 1 is twice the light",
    ),
    Parameter(
        name="sensor.noise", unit="1", nominal=0.0, low=0.0, high=0.1, group="imaging",
        binding=Sensor("Camera", "shot_noise"), description="Standard deviation of the noise of white, as a share",
    ),
    Parameter(
        name="sensor.jpeg_quality", unit="1", nominal=100, low=20, high=100, kind="integer", group="imaging",
        binding=Sensor("Camera", "jpeg_quality"), description="Quality of JPEG; 100 compresses nothing",
    ),
)  # fmt: skip
"""Of the camera ``"Camera"``: what comes out of focus, too dark, too bright, noisy and compressed."""

POLE_HUE = hue("pole.hue", "Pole", nominal=0.3653, of="the pole")

CART_HUE = hue("cart.hue", "Cart", nominal=3.759, of="the cart")

GROUND_TEXTURE = texture("ground.texture", "Ground", size=4.0, of="the ground")
