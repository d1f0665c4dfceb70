"""Noise that pictures on surfaces are made of (runs inside Blender)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PIXELS = 256
"""Of each side. It repeats without a seam."""


def clouds(slope: float, stretch: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Normal noise whose amplitude falls with the frequency, with mean 0 and deviation 1, (PIXELS, PIXELS).

    Args:
        slope: Power of the frequency by which it falls; 0 is white noise.
        stretch: How many times as long it is along the first axis as along the second.
        rng: Draws it.
    """
    frequency = np.fft.fftfreq(PIXELS, 1.0 / PIXELS)
    amplitude = np.maximum(np.hypot(frequency[:, None], stretch * frequency), 1.0) ** -slope
    made = np.fft.ifft2(np.fft.fft2(rng.standard_normal((PIXELS, PIXELS))) * amplitude).real
    return np.asarray((made - made.mean()) / made.std())
