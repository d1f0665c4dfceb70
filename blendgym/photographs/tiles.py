"""Tiles that a photograph is cut into: the objects of studies in which every pixel has an answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TILE = 50
"""Pixels of each side."""


def counts(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many pixels are set in each tile, row by row, (tiles,); those at the far edges may be smaller."""
    rows, columns = (np.arange(0, side, TILE) for side in flags.shape)
    return np.add.reduceat(np.add.reduceat(flags.astype(np.int64), rows, axis=0), columns, axis=1).ravel()
