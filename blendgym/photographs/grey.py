"""From colours to grey."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LUMA = np.array([0.299, 0.587, 0.114])
"""Shares of red, green and blue in the luma of ITU-R BT.601, by which OpenCV and Pillow make grey, too."""


def grey(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures in colours, (…, 3), in grey, (…)."""
    return np.asarray(np.rint(pictures @ LUMA), np.uint8)
