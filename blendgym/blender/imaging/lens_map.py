"""Pictures through a lens with distortion: taken pixel by pixel from a picture without, which shows a little more."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import RenderError
from blendgym.images.distortion import radius_limit, undistorted
from blendgym.images.projections import Projection

Floats = NDArray[np.float64]

REACH = 4.0
"""How much further out than the corners of a picture things are followed."""


class LensMap:
    """Where each pixel of a picture lies in one that has no distortion.

    Args:
        projection: Of the picture; its ``distortion`` says what the lens does.
        width: Of the picture.
        height: Of the picture.

    Attributes:
        size: Width and height of the picture without distortion, in pixels.
        intrinsics: 3×3 camera matrix of that, with the same focal lengths.
        ray_lengths: (height, width) distance along the rays of the picture for each metre of depth.
        reach: Radius on the lens plane up to which things are followed that are outside of the picture.

    Raises:
        RenderError: If the distortion cannot be inverted everywhere in the picture.
    """

    def __init__(self, projection: Projection, width: int, height: int) -> None:
        (fx, _, cx), (_, fy, cy), _ = projection.intrinsics.tolist()
        ends = (0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)
        corners = (np.array(ends) - (cx, cy)) / (fx, fy)
        # First, for where there is no inverse, it takes long to find none.
        if np.isnan(undistorted(corners, projection.distortion)).any():
            raise _not_invertible(projection, corners)
        a, b = projection.lens_plane(width, height)
        if np.isnan(a).any():
            raise _not_invertible(projection, corners)
        columns, rows = a * fx, b * fy  # From the principal point.
        left, top = math.floor(columns.min()), math.floor(rows.min())
        self.size = math.floor(columns.max()) - left + 2, math.floor(rows.max()) - top + 2
        self.intrinsics = np.array([[fx, 0.0, -left], [0.0, fy, -top], [0.0, 0.0, 1.0]])
        self.reach = min(radius_limit(projection.distortion), REACH * float(np.hypot(a, b).max()))
        self._columns, self._rows = columns - left, rows - top
        self.ray_lengths = np.sqrt(1.0 + a**2 + b**2).astype(np.float32)

    def nearest(self, image: NDArray[Any]) -> NDArray[Any]:
        """The picture of ids or lengths: those of the nearest pixel."""
        return np.take(image.reshape(-1, *image.shape[2:]), self._nearest, axis=0)

    def blended(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """The picture of light, (height, width, 3): between four pixels."""
        flat, (corner, weights) = image.reshape(-1, 3), self._corners
        steps = (0, 1, self.size[0], self.size[0] + 1)
        total = np.zeros((*corner.shape, 3), np.float32)
        for step, weight in zip(steps, weights, strict=True):
            total += flat.take(corner + step, axis=0) * weight
        return total

    @cached_property
    def times(self) -> NDArray[np.int64]:
        """How often each pixel of the picture without distortion is in the picture, where the nearest is taken."""
        width, height = self.size
        return np.bincount(self._nearest.ravel(), minlength=width * height).reshape(height, width)

    @cached_property
    def _nearest(self) -> NDArray[np.intp]:
        return (np.rint(self._rows) * self.size[0] + np.rint(self._columns)).astype(np.intp)

    @cached_property
    def _corners(self) -> tuple[NDArray[np.intp], tuple[NDArray[np.float32], ...]]:
        """The upper left one of four pixels, and the weights of all, row by row."""
        column, row = np.floor(self._columns), np.floor(self._rows)
        right = (self._columns - column).astype(np.float32)[..., None]
        down = (self._rows - row).astype(np.float32)[..., None]
        weights = ((1 - right) * (1 - down), right * (1 - down), (1 - right) * down, right * down)
        return (row * self.size[0] + column).astype(np.intp), weights


def _not_invertible(projection: Projection, corners: Floats) -> RenderError:
    coefficients = ", ".join(f"{each:g}" for each in projection.distortion)
    return RenderError(
        f"The distortion (k1, k2, p1, p2, k3) = ({coefficients}) shows several points in the same place: it can be "
        f"inverted up to the radius {radius_limit(projection.distortion):.3g} on the lens plane, and what is seen at "
        f"the edge of the picture, up to the radius {np.linalg.norm(corners, axis=1).max():.3g}, lies outside. Narrow "
        "the bounds of the coefficients, or give the camera a longer lens."
    )
