"""From the light of a scene to what a sensor gives: blur, vignetting, exposure, noise, white balance, gamma, JPEG."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.blender.imaging.imaging import RAW, Imaging
from blendgym.blender.render.colours import encoded
from blendgym.errors import RenderError

Light = NDArray[np.float32]

SPREAD = 4.0
"""Standard deviations after which a point spread function ends."""


def through_lens(light: Light, imaging: Imaging, ray_lengths: Callable[[], NDArray[Any]]) -> Light:
    """What arrives at the sensor of the light that would arrive through an ideal lens with the same projection.

    Args:
        light: (height, width, 3), linear.
        imaging: What the lens does, but for its distortion.
        ray_lengths: Gives (height, width) distance along the ray for each metre along the axis, which is one through
            the cosine of the angle between them; NaN where nothing is seen.
    """
    if deviation := imaging.read("blur") * light.shape[1]:
        light = blurred(light, deviation)
    if vignetting := imaging.read("vignetting"):
        cosines = np.nan_to_num(1.0 / ray_lengths()).clip(min=0.0).astype(np.float32)
        light = light * (cosines ** np.float32(4.0 * vignetting))[..., None]
    return light


def exposed(light: Light, imaging: Imaging, stops: float, generator: np.random.Generator) -> NDArray[np.uint8]:
    """What a sensor makes of the light that arrives, as a screen shows it.

    Args:
        light: (height, width, 3), linear; 1 is white.
        imaging: What the sensor does.
        stops: Exposure of the scene, beside that of the sensor.
        generator: Of the noise.
    """
    light = light * np.float32(2.0 ** (stops + imaging.read("exposure")))
    shot, read = imaging.read("shot_noise"), imaging.read("read_noise")
    if shot or read:
        deviations = np.sqrt(light.clip(min=0.0) * np.float32(shot**2) + np.float32(read**2))
        light += deviations * generator.standard_normal(light.shape, np.float32)
    gains = np.array([imaging.read("red_gain"), 1.0, imaging.read("blue_gain")], np.float32)
    if (gains != 1.0).any():
        light *= gains
    picture = encoded(light, gamma=imaging.read("gamma"))
    quality = imaging.read("jpeg_quality")
    return picture if quality == RAW else compressed(picture, round(quality))


def blurred(light: Light, deviation: float) -> Light:
    """Light spread by a Gaussian; what lies outside of the picture is as at its edge.

    Args:
        light: (height, width, channels).
        deviation: Standard deviation, in pixels.
    """
    reach = math.ceil(SPREAD * deviation)
    weights = np.exp(-0.5 * (np.arange(reach + 1) / deviation) ** 2)
    weights /= weights[0] + 2.0 * weights[1:].sum()
    for axis in (0, 1):
        light = _spread(light, weights.astype(np.float32), axis)
    return light


def compressed(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """A picture as it is after it was stored as JPEG and read again.

    Raises:
        RenderError: If Pillow is not there.
    """
    try:
        from PIL import Image
    except ImportError:
        raise RenderError(
            "JPEG needs Pillow in the Python of this Blender, which blendgym install-server installs there."
        ) from None
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def _spread(light: Light, weights: Light, axis: int) -> Light:
    """A symmetric filter along an axis; the weights are those from its centre on."""
    reach, length = len(weights) - 1, light.shape[axis]
    margins = [(0, 0)] * light.ndim
    margins[axis] = (reach, reach)
    padded = np.moveaxis(np.pad(light, margins, "edge"), axis, 0)
    total = padded[reach : reach + length] * weights[0]
    for step, weight in enumerate(weights[1:], start=1):
        total += (padded[reach - step : reach - step + length] + padded[reach + step : reach + step + length]) * weight
    return np.moveaxis(total, 0, axis)
