"""Pictures of digits as bitmaps of 8 × 8, by the recipe that the real ones were made by.

E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository (1998): a digit
was scanned, cut out and brought to 32 × 32 pixels of black and white; numbers are the black ones in each block of
4 × 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

SIZE = 8
FINE = 32
INKED = 0.45
"""From which share of the darkest ink on a pixel is black."""

LEAST = 0.04
"""Spots that are smaller than this share of all that is black are no part of a digit."""


def bitmaps(picture: NDArray[np.uint8], boxes: Sequence[Sequence[float]]) -> NDArray[np.float32]:
    """The bitmaps of digits in dark ink on light paper: the share of ink in each block, float32 (boxes, 8, 8).

    Args:
        picture: Most of which is paper, (height, width, 3).
        boxes: Where each digit is, x and y of two corners in pixels.
    """
    grey = picture.mean(axis=-1)
    ink = np.median(grey) - grey
    share = ink / max(float(np.percentile(ink, 98.0)), 8.0)
    corners = np.asarray(boxes, np.int64).tolist()
    return np.array([_bitmap(share[top : bottom + 1, left : right + 1]) for left, top, right, bottom in corners])


def _bitmap(share: NDArray[np.float64]) -> NDArray[np.float32]:
    black = _without_spots(share > INKED)
    rows, columns = np.flatnonzero(black.any(axis=1)), np.flatnonzero(black.any(axis=0))
    if not len(rows):
        return np.zeros((SIZE, SIZE), np.float32)
    cut = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    return _reduced(np.where(black[cut], np.clip(share[cut], INKED, 1.0), np.clip(share[cut], 0.0, INKED)))


def _without_spots(black: NDArray[np.bool_]) -> NDArray[np.bool_]:
    labels, count = ndimage.label(black, np.ones((3, 3)))
    if count < 2:
        return black
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray((sizes >= LEAST * sizes.sum())[labels])


def _reduced(share: NDArray[np.float64]) -> NDArray[np.float32]:
    """As large as fits, in the middle of 32 × 32 black and white pixels, and these in blocks."""
    factor = FINE / max(share.shape)
    height, width = (max(1, round(factor * side)) for side in share.shape)
    image = Image.fromarray((share * 255.0).astype(np.uint8)).resize((width, height), Image.Resampling.BILINEAR)
    fine = np.zeros((FINE, FINE), np.float32)
    top, left = (FINE - height) // 2, (FINE - width) // 2
    fine[top : top + height, left : left + width] = np.asarray(image) > 255.0 * INKED
    block = FINE // SIZE
    return np.asarray(fine.reshape(SIZE, block, SIZE, block).mean(axis=(1, 3)))
