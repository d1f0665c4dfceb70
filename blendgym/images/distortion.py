"""Lens distortion as OpenCV has it: radial by k1, k2 and k3, tangential by p1 and p2, on the lens plane.

A point (x, y) at the radius r is seen at

    x (1 + k1 r² + k2 r⁴ + k3 r⁶) + 2 p1 x y + p2 (r² + 2 x²),
    y (1 + k1 r² + k2 r⁴ + k3 r⁶) + p1 (r² + 2 y²) + 2 p2 x y.

Source: OpenCV's documentation, "Camera Calibration and 3D Reconstruction". The order is OpenCV's: k1, k2, p1, p2, k3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

COEFFICIENTS = ("k1", "k2", "p1", "p2", "k3")

BLOCK = 8192
"""Points that are solved together, so that they stay in the processor's cache."""

MOST_STEPS = 40
SMALL_STEP = 1e-6
"""After a step of Newton's method that is as small as this, what is left is far below what a double holds."""

CLOSE = 1e-9
INSIDE = 1.0 - 1e-9


def distorted(points: Floats, coefficients: Sequence[float]) -> Floats:
    """Where points of the lens plane are seen on it.

    Args:
        points: (..., 2).
        coefficients: k1, k2, p1, p2, k3.

    Returns:
        (..., 2); NaN outside of ``radius_limit``, where two points would be seen in the same place.
    """
    x, y = points[..., 0], points[..., 1]
    bent = _bent(x, y, coefficients)
    inside = x * x + y * y < radius_limit(coefficients) ** 2
    return np.where(inside[..., None], np.stack(bent, axis=-1), np.nan)


def undistorted(points: Floats, coefficients: Sequence[float]) -> Floats:
    """Which points of the lens plane are seen in some places of it: the inverse of ``distorted``, by Newton's method.

    Args:
        points: (..., 2).
        coefficients: k1, k2, p1, p2, k3.

    Returns:
        (..., 2); NaN where nothing within ``radius_limit`` is seen.
    """
    flat = points.reshape(-1, 2)
    blocks = np.array_split(flat, max(1, math.ceil(len(flat) / BLOCK)))
    solved = [_solved(block[:, 0], block[:, 1], coefficients) for block in blocks]
    return np.concatenate(solved).reshape(points.shape)


def radius_limit(coefficients: Sequence[float]) -> float:
    """Up to which radius the distortion is sure to be invertible; infinite if it is everywhere.

    Its Jacobian is symmetric. The eigenvalues of the radial part are f' and f / r, with f = r (1 + k1 r² + …), and
    those of the tangential part are at most 6 r hypot(p1, p2). While they cannot cancel, the Jacobian is positive
    definite all over the disc, and no two points of a disc are seen in the same place.
    """
    k1, k2, p1, p2, k3 = coefficients
    turn = 6.0 * math.hypot(p1, p2)
    # Of 1 / r, so that the first coefficient is 1 even where there is no distortion.
    slope = np.roots([1.0, -turn, 3.0 * k1, 0.0, 5.0 * k2, 0.0, 7.0 * k3])
    ratio = np.roots([1.0, -turn, k1, 0.0, k2, 0.0, k3])
    roots = np.concatenate([slope, ratio])
    nearest = roots.real[np.abs(roots.imag) < CLOSE].max(initial=0.0)
    return 1.0 / float(nearest) if nearest > CLOSE else math.inf


def _bent(x: Floats, y: Floats, coefficients: Sequence[float]) -> tuple[Floats, Floats]:
    k1, k2, p1, p2, k3 = coefficients
    square, twice = x * x + y * y, 2.0 * x * y
    radial = 1.0 + square * (k1 + square * (k2 + square * k3))
    return (
        x * radial + p1 * twice + p2 * (square + 2.0 * x * x),
        y * radial + p1 * (square + 2.0 * y * y) + p2 * twice,
    )


def _slopes(x: Floats, y: Floats, coefficients: Sequence[float]) -> tuple[Floats, Floats, Floats]:
    """The Jacobian of the distortion: ∂x'/∂x, ∂y'/∂y, and ∂x'/∂y, which is ∂y'/∂x."""
    k1, k2, p1, p2, k3 = coefficients
    square = x * x + y * y
    radial = 1.0 + square * (k1 + square * (k2 + square * k3))
    steeper = 2.0 * (k1 + square * (2.0 * k2 + square * 3.0 * k3))
    return (
        radial + steeper * x * x + 2.0 * p1 * y + 6.0 * p2 * x,
        radial + steeper * y * y + 6.0 * p1 * y + 2.0 * p2 * x,
        steeper * x * y + 2.0 * p1 * x + 2.0 * p2 * y,
    )


def _kept_within(x: Floats, y: Floats, limit: float) -> tuple[Floats, Floats]:
    """Points moved towards the axis until they are within a radius."""
    if math.isinf(limit):
        return x, y
    shrink = np.minimum(1.0, INSIDE * limit / np.maximum(np.hypot(x, y), 1e-300))
    return x * shrink, y * shrink


def _solved(seen_x: Floats, seen_y: Floats, coefficients: Sequence[float]) -> Floats:
    limit = radius_limit(coefficients)
    x, y = _kept_within(seen_x, seen_y, limit)
    for _ in range(MOST_STEPS):
        bent_x, bent_y = _bent(x, y, coefficients)
        off_x, off_y = bent_x - seen_x, bent_y - seen_y
        across, along, mixed = _slopes(x, y, coefficients)
        area = across * along - mixed * mixed
        step_x, step_y = (along * off_x - mixed * off_y) / area, (across * off_y - mixed * off_x) / area
        x, y = _kept_within(x - step_x, y - step_y, limit)
        if max(np.abs(step_x).max(initial=0.0), np.abs(step_y).max(initial=0.0)) < SMALL_STEP:
            break
    bent_x, bent_y = _bent(x, y, coefficients)
    found = (np.abs(bent_x - seen_x) < CLOSE) & (np.abs(bent_y - seen_y) < CLOSE)
    return np.where(found[:, None], np.stack([x, y], axis=-1), np.nan)
