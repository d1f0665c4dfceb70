"""The curve of sRGB, written down a second time (IEC 61966-2-1)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def encoded(light: Any) -> NDArray[Any]:
    """What a screen is told for light from 0 to 1, likewise from 0 to 1."""
    light = np.asarray(light)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def linear(picture: Any) -> NDArray[Any]:
    """The light of a picture of 8 bits."""
    share = np.asarray(picture) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
