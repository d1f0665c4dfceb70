"""Pictures of digits as bitmaps of 8 × 8, by the recipe that the real ones were made by.

E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository (1998): digits
were scanned and brought to 32 × 32 pixels of black and white by the programs of M. D. Garris and others, "NIST
Form-Based Handprint Recognition System", NISTIR 5469 (1994); numbers are the black ones in each block of 4 × 4. Those
programs cut a digit out, stretch it to 20 × 32 pixels whatever its shape was, and then thin strokes where much is
black, and thicken them where little is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

SIZE = 8
FINE = 32
LEVELS = (FINE // SIZE) ** 2
"""Fine pixels in each block: how much ink there can be."""

INKED = 0.45
"""From which share of the darkest ink on a pixel is black."""

STRETCHED = (32, 20)
"""Height and width that each digit is brought to, in pixels, in the middle of the fine ones."""

THICKENED = (108, 256)
"""Below so many black pixels strokes are thickened by one on each side: two times, once."""

THINNED = (412, 560)
"""Above so many black pixels strokes are thinned likewise: once, two times."""

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
    return _in_blocks(_of_usual_weight(_stretched(np.where(black[cut], share[cut], np.minimum(share[cut], INKED)))))


def _without_spots(black: NDArray[np.bool_]) -> NDArray[np.bool_]:
    labels, count = ndimage.label(black, np.ones((3, 3)))
    if count < 2:
        return black
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray((sizes >= LEAST * sizes.sum())[labels])


def _stretched(share: NDArray[np.float64]) -> NDArray[np.bool_]:
    """As high and wide as every digit, in the middle of black and white pixels, (32, 32)."""
    height, width = STRETCHED
    grey = Image.fromarray(np.float32(share)).resize((width, height), Image.Resampling.BILINEAR)
    fine = np.zeros((FINE, FINE), np.bool_)
    left = (FINE - width) // 2
    fine[:, left : left + width] = np.asarray(grey) > INKED
    return fine


def _of_usual_weight(fine: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """With strokes that are thinned or thickened, if they are very thick or thin."""
    count = int(fine.sum())
    if thinner := sum(count > limit for limit in THINNED):
        return np.asarray(ndimage.binary_erosion(fine, iterations=thinner, border_value=1))
    if thicker := sum(count < limit for limit in THICKENED):
        return np.asarray(ndimage.binary_dilation(fine, iterations=thicker))
    return fine


def _in_blocks(fine: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The share of black pixels in each block, (8, 8)."""
    block = FINE // SIZE
    return np.asarray(fine.reshape(SIZE, block, SIZE, block).mean(axis=(1, 3)), np.float32)
