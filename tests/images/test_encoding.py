"""Light on a screen: the rasterizer's roots are the curve of sRGB, to the last of 8 bits."""

from __future__ import annotations

import numpy as np
import pytest
from srgb import encoded

HALVES = np.arange(0x3C01, dtype=np.uint16).view(np.float16).astype(np.float64)
"""Every number from 0 to 1 in which a sample is kept."""

MEANS = np.random.default_rng(0).random(20_000).astype(np.float32).astype(np.float64) ** 3
"""What samples are averaged to, more of it dark."""


@pytest.mark.parametrize("light", [HALVES, MEANS], ids=["every half", "means"])
def test_light_is_encoded_as_the_curve_says_and_rounded(laboratory, light):
    shown, expected = np.array(laboratory.do("encoding.encoded", light=light.tolist())), 255.0 * encoded(light)
    assert np.abs(shown - expected).max() < 0.5001  # Where it is nearly a half, it may be rounded either way.
    assert (shown == np.rint(expected)).mean() > 0.9999
