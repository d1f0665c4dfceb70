"""Grey pairs of pictures, the disparities of the left ones, and what only the left eye sees.

A point at depth z is seen by a left camera f · b / z pixels further to the right than by a right one, at a focal length
of f pixels and a baseline b.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.depth.room import REACH

AGREEMENT = 1.0
"""By how many pixels two disparities of one point may differ."""

SHOWN = 8
"""Pairs that are kept to be looked at."""

Floats = NDArray[Any]
Flags = NDArray[np.bool_]


class Pairs(NamedTuple):
    """Some pairs.

    Args:
        left: uint8 (pairs, height, width).
        right: Likewise.
        disparities: Of the pixels of the left pictures, in pixels, not a number where unknown, float16 (pairs, height,
            width).
        are_seen: Whether the right camera sees what is there, (pairs, height, width).
    """

    left: NDArray[np.uint8]
    right: NDArray[np.uint8]
    disparities: NDArray[np.float16]
    are_seen: Flags

    def part(self, start: int, stop: int) -> Pairs:
        """Those from one on up to another one."""
        return self.changed(lambda array: array[start:stop])

    def changed(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Pairs:
        """What becomes of them if all arrays are changed likewise."""
        return Pairs(change(self.left), change(self.right), change(self.disparities), change(self.are_seen))

    @property
    def shown(self) -> NDArray[np.uint8]:
        """The first left pictures, each above its disparities, (SHOWN, 2 · height, width, 3)."""
        near = np.nan_to_num(self.disparities[:SHOWN].astype(np.float64)) / REACH
        stacked = np.concatenate([self.left[:SHOWN], np.rint(255.0 * near).astype(np.uint8)], axis=1)
        return np.repeat(stacked[..., None], 3, axis=-1)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All of several parts."""
        return cls(*map(np.concatenate, zip(*parts, strict=True)))


def halved(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture at half its size, rounded up, each pixel the mean of four, (height, width, 3)."""
    height, width, channels = pictures.shape
    even = np.pad(pictures, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    blocks = even.reshape(-(-height // 2), 2, -(-width // 2), 2, channels)
    return np.asarray(np.rint(blocks.mean(axis=(1, 3))), np.uint8)


def doubled(disparities: Floats, height: int, width: int) -> Floats:
    """Disparities of a picture that was halved, for the whole of it, (height, width)."""
    return 2.0 * np.repeat(np.repeat(disparities, 2, axis=0), 2, axis=1)[:height, :width]


def disparity(depth: Floats, focal_length: float, baseline: float, far: float) -> NDArray[np.float64]:
    """The disparity of each pixel, in pixels; not a number where nothing is seen.

    Args:
        depth: Along the optical axis, in m.
        focal_length: In pixels.
        baseline: In m.
        far: Depth at which the camera ceases to see, in m.
    """
    return np.where(depth < far, focal_length * baseline / np.asarray(depth, np.float64), np.nan)


def seen_by_both(left: Floats, right: Floats) -> Flags:
    """Whether the right camera sees what the left one does: where it should be, the right disparity is the same.

    Args:
        left: Disparities of the left picture, in pixels, (height, width).
        right: Those of the right one, likewise.
    """
    rows, places, is_inside = _places(left)
    with np.errstate(invalid="ignore"):
        return np.asarray(is_inside & (np.abs(right[rows, places] - left) <= AGREEMENT))


def nearest_of(left: Floats) -> Flags:
    """The same by the disparities of the left picture alone: nothing nearer goes to the same place of the right one.

    Args:
        left: Disparities of the left picture, in pixels, (height, width).
    """
    rows, places, is_inside = _places(left)
    nearest = np.full(left.shape, -np.inf)
    np.maximum.at(nearest, (rows[is_inside], places[is_inside]), left[is_inside])
    with np.errstate(invalid="ignore"):
        return np.asarray(is_inside & (nearest[rows, places] - left <= AGREEMENT))


def _places(left: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64], Flags]:
    """Rows and columns of the right picture that pixels of the left one go to, and whether they are within it."""
    rows, columns = np.indices(left.shape)
    places = np.rint(columns - np.nan_to_num(left, posinf=0.0)).astype(np.int64)
    is_inside = np.isfinite(left) & (places >= 0)
    return rows, np.clip(places, 0, None), is_inside
