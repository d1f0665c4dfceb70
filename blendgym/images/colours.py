"""Colours of sRGB in numbers (IEC 61966-2-1)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Shares of linear red, green and blue in brightness; the primaries are those of ITU-R BT.709."""


def encoded_as_srgb(linear: NDArray[Any]) -> NDArray[Any]:
    """What a screen is told for light from 0 to 1, likewise from 0 to 1; any shape, float of the same precision."""
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
