"""How well a cup is found: the intersection of what is found with what is true, over their union."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.study import Arrays
from blendgym.photographs.tiles import counts

Mask = NDArray[np.bool_]


def tiled(found: Mask, truth: Mask) -> Arrays:
    """What is right in each tile, row by row.

    Args:
        found: Pixels that are taken for a cup, (height, width).
        truth: Those that show one.

    Returns:
        ``"both"`` and ``"either"``, pixels of the intersection and of the union, both int64 (tiles,); and
        ``"scores"``, the former as a share of the latter, 1 in tiles without any.
    """
    both, either = counts(found & truth), counts(found | truth)
    return {"scores": np.where(either > 0, both / np.maximum(either, 1), 1.0), "both": both, "either": either}


def overlap(answers: Arrays, weights: NDArray[np.float64]) -> float:
    """Intersection over union of tiles that count by weights; 1 if nothing is there, and nothing found."""
    either = float(answers["either"] @ weights)
    return float(answers["both"] @ weights) / either if either else 1.0


def overlap_of(found: Mask, truth: Mask) -> float:
    """Intersection over union of all pixels of one or several pictures."""
    either = int((found | truth).sum())
    return int((found & truth).sum()) / either if either else 1.0
