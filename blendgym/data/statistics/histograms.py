"""Histograms that are filled value by value, and what is told of them."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 20


class Distribution(msgspec.Struct, frozen=True):
    """How some values are distributed.

    Args:
        count: How many there are; those that are no numbers are left out.
        minimum: The lowest; ``None`` if there is none.
        mean: Of all; likewise.
        maximum: The highest; likewise.
        edges: Of the bins, one more than there are counts; the highest edge belongs to the last bin.
        counts: How many values are in each bin.
    """

    count: int
    minimum: float | None
    mean: float | None
    maximum: float | None
    edges: list[float]
    counts: list[int]


class Histogram:
    """Counts of values between bounds that are known; what lies beyond them counts in the first and last bin.

    Args:
        low: The lower bound.
        high: The upper bound.
        bins: How many, of the same width.
    """

    def __init__(self, low: float, high: float, bins: int = BINS) -> None:
        self._low, self._high = low, high
        self._counts = np.zeros(bins, np.int64)
        self._total, self._minimum, self._maximum = 0.0, math.inf, -math.inf

    def add(self, values: ArrayLike) -> None:
        """Counts some values."""
        given = np.atleast_1d(np.asarray(values, np.float64))
        finite = given[np.isfinite(given)]
        if not finite.size:
            return
        self._total += float(finite.sum())
        self._minimum, self._maximum = min(self._minimum, finite.min()), max(self._maximum, finite.max())
        self._reach(float(finite.min()), float(finite.max()))
        places = np.searchsorted(self._edges, finite, side="right") - 1
        np.add.at(self._counts, np.clip(places, 0, len(self._counts) - 1), 1)

    @property
    def _edges(self) -> NDArray[np.float64]:
        return np.linspace(self._low, self._high, len(self._counts) + 1)

    def _reach(self, low: float, high: float) -> None:
        """Makes room for values; here the bounds are known."""

    def distribution(self) -> Distribution:
        """What has been counted."""
        count = int(self._counts.sum())
        edges = self._edges.tolist()
        if not count:
            return Distribution(0, None, None, None, edges, self._counts.tolist())
        mean = self._total / count
        return Distribution(count, float(self._minimum), mean, float(self._maximum), edges, self._counts.tolist())


class GrowingHistogram(Histogram):
    """Counts of values whose bounds are not known: its bins become twice as wide when a value lies outside of them.

    Args:
        bins: How many; an even number.
    """

    def __init__(self, bins: int = BINS) -> None:
        super().__init__(math.nan, math.nan, bins)

    def _reach(self, low: float, high: float) -> None:
        if math.isnan(self._low):
            self._low = low
            self._high = high if high > low else low + (abs(low) or 1.0) * 1e-6
        while high > self._high or low < self._low:
            self._double(downwards=low < self._low)

    def _double(self, downwards: bool) -> None:
        pairs, half = self._counts.reshape(-1, 2).sum(axis=1), len(self._counts) // 2
        self._counts = np.zeros_like(self._counts)
        width = self._high - self._low
        if downwards:
            self._counts[half:], self._low = pairs, self._low - width
        else:
            self._counts[:half], self._high = pairs, self._high + width


class HeatMap:
    """Where the boxes in images are: each counts one, spread evenly over its area.

    Args:
        cells: How many there are along each side of the image.
    """

    def __init__(self, cells: int = 32) -> None:
        self.cells: NDArray[np.float64] = np.zeros((cells, cells))

    def add(self, box: tuple[float, float, float, float], width: int, height: int) -> None:
        """Counts a box in an image of some pixels; one without an area in the image does not count."""
        left, top, right, bottom = box
        across = self._shares(left / width, right / width)
        down = self._shares(top / height, bottom / height)
        total = across.sum() * down.sum()
        if total > 0:
            self.cells += np.outer(down, across) / total

    def _shares(self, start: float, end: float) -> NDArray[np.float64]:
        """How much of each cell along a side lies between two places, from 0 to 1."""
        cells = len(self.cells)
        edges = np.arange(cells + 1.0)
        return np.asarray(np.clip(np.minimum(edges[1:], end * cells) - np.maximum(edges[:-1], start * cells), 0.0, 1.0))
