"""Colours as numbers that mean something: hue, saturation and brightness, or the temperature of a black body."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blendgym.blender.looks.aspect import TURN
from blendgym.images.colours import LUMINANCE

Colour = tuple[float, float, float]
"""Linear RGB with the primaries of sRGB."""

COLDEST, HOTTEST = 2000.0, 25_000.0  # K; below, the colour of a black body is outside of sRGB.
NO_COLOUR = 1e-6
"""The saturation below which there is no hue, and the brightness below which there is no saturation."""

_SECOND_RADIATION_CONSTANT = 1.438777e-2  # m·K
_XYZ_TO_RGB = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])


class HueSaturationBrightness(NamedTuple):
    """A colour in the hexcone model (Smith, "Color gamut transform pairs", 1978) of linear RGB, as in Blender's fields.

    Args:
        hue: In rad: 0 is red, 2π/3 green, 4π/3 blue; NaN for grey.
        saturation: From 0 (grey) to 1; NaN for black.
        brightness: The largest of red, green and blue.
    """

    hue: float
    saturation: float
    brightness: float

    @property
    def rgb(self) -> Colour:
        """As red, green and blue."""
        return colorsys.hsv_to_rgb(self.hue / TURN % 1.0, self.saturation, self.brightness)


def hue_saturation_brightness(rgb: Sequence[float]) -> HueSaturationBrightness:
    """The same colour in the hexcone model."""
    hue, saturation, brightness = colorsys.rgb_to_hsv(*rgb[:3])
    if brightness < NO_COLOUR:
        return HueSaturationBrightness(math.nan, math.nan, brightness)
    return HueSaturationBrightness(math.nan if saturation < NO_COLOUR else hue * TURN, saturation, brightness)


def black_body(kelvin: ArrayLike) -> NDArray[np.float64]:
    """The colour of a black body, with a luminance of 1: linear RGB, (3,), or (3, n) of n temperatures in K.

    By Planck's law and the fits of Wyman, Sloan and Shirley, "Simple Analytic Approximations to the CIE XYZ Color
    Matching Functions", JCGT 2(2), 2013, table 1.
    """
    nanometres, matching = _colour_matching()
    # Relative to 560 nm, where only the shape matters.
    exponent = np.divide.outer(_SECOND_RADIATION_CONSTANT / (nanometres * 1e-9), kelvin)
    rgb = _XYZ_TO_RGB @ ((matching * (560.0 / nanometres) ** 5) @ (1.0 / np.expm1(exponent)))
    return np.asarray(rgb / (LUMINANCE @ rgb))


def temperature_of(rgb: Sequence[float]) -> float:
    """The temperature, in K, at which a black body has the same share of blue to red; NaN without red or blue."""
    if min(rgb[0], rgb[2]) <= 0.0:
        return math.nan
    kelvins, ratios = _temperatures()
    return float(np.exp(np.interp(math.log(rgb[2] / rgb[0]), ratios, kelvins)))


@cache
def _temperatures() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithms of temperatures, and of the black body's blue over red there."""
    kelvins = np.geomspace(COLDEST, HOTTEST, 1024)
    red, _, blue = black_body(kelvins)
    return np.log(kelvins), np.log(blue / red)


@cache
def _colour_matching() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wavelengths in nm, and x̄, ȳ, z̄ there: (3, wavelengths)."""
    nanometres = np.arange(380.0, 781.0, 5.0)

    def lobe(height: float, centre: float, below: float, above: float) -> NDArray[np.float64]:
        width = np.where(nanometres < centre, below, above)
        return np.asarray(height * np.exp(-0.5 * ((nanometres - centre) / width) ** 2))

    x = lobe(1.056, 599.8, 37.9, 31.0) + lobe(0.362, 442.0, 16.0, 26.7) + lobe(-0.065, 501.1, 20.4, 26.2)
    y = lobe(0.821, 568.8, 46.9, 40.5) + lobe(0.286, 530.9, 16.3, 31.1)
    z = lobe(1.217, 437.0, 11.8, 36.0) + lobe(0.681, 459.0, 26.0, 13.8)
    return nanometres, np.stack([x, y, z])
