"""How far off disparities are, in pixels of a photograph."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.study import Arrays
from blendgym.photographs.tiles import counts

BOUND = 2.0
"""Pixels by which a disparity may be off to be right."""

BOUNDS = (1.0, 2.0, 4.0)
"""Those that are told."""

Disparities = NDArray[Any]
Mask = NDArray[np.bool_]


class Judged(NamedTuple):
    """What disparities are worth in a part of a photograph.

    Args:
        error: Mean end-point error, in pixels.
        bad: Shares of the pixels that are off by more than each of ``BOUNDS``.
    """

    error: float
    bad: tuple[float, ...]


def judged(disparities: Disparities, truth: Disparities, where: Mask) -> Judged:
    """Judges disparities where they are known and are to be judged.

    Args:
        disparities: In pixels, (height, width).
        truth: Likewise; not a number where unknown.
        where: Which pixels are judged, (height, width).
    """
    errors = np.abs(disparities - truth)[where & np.isfinite(truth)]
    return Judged(float(errors.mean()), tuple(float((errors > bound).mean()) for bound in BOUNDS))


def tiled(disparities: Disparities, truth: Disparities) -> Arrays:
    """What is right in each tile, row by row.

    Returns:
        ``"known"``, pixels with a true disparity, and ``"right"``, those of them that are off by ``BOUND`` at most,
        both int64 (tiles,); and ``"scores"``, the latter as a share of the former, 0 without any.
    """
    is_known = np.isfinite(truth)
    is_right = np.abs(np.where(is_known, disparities - truth, np.inf)) <= BOUND
    known, right = counts(is_known), counts(is_right)
    return {"scores": right / np.maximum(known, 1), "known": known, "right": right}


def share_right(answers: Arrays, weights: NDArray[np.float64]) -> float:
    """The share of pixels that is right in tiles which count by weights; 0 if none of them has a true disparity."""
    known = float(answers["known"] @ weights)
    return float(answers["right"] @ weights) / known if known else 0.0
