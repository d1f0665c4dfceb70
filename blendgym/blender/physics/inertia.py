"""Moments of inertia as Bullet computes them, which is not always how a body of that shape would have them.

Boxes, spheres and cylinders are exact. Capsules, cones, convex hulls and compounds are taken for their bounding boxes,
and the mass of a mesh is in its vertices.
"""

from __future__ import annotations

import numpy as np

from blendgym.blender.physics.shapes import Floats, Shape


def moments_of_inertia(shape: Shape) -> Floats:
    """Moments of 1 kg about the body's own axes: (3,), in m².

    Args:
        shape: Of the body, of any kind.
    """
    if shape.kind == "SPHERE":
        return np.full(3, 0.4 * shape.half[0] ** 2)
    if shape.kind == "CYLINDER":
        radius, _, reach = shape.half**2
        return np.array([radius / 4 + reach / 3, radius / 4 + reach / 3, radius / 2])
    if shape.kind == "MESH":
        return _across((shape.points**2).mean(axis=0))
    low, high = bounds(shape)
    # Bullet adds the margin of a cone once more to a bounding box that has it already.
    half = (high - low) / 2 + (shape.margin if shape.kind == "CONE" else 0.0)
    return _across(half**2) / 3


def bounds(shape: Shape) -> tuple[Floats, Floats]:
    """Lowest and highest corner of its bounding box, in the body's frame, in m."""
    if shape.kind == "COMPOUND":
        corners = [_turned_bounds(pose, part) for pose, part in shape.parts]
        return np.min([low for low, _ in corners], axis=0), np.max([high for _, high in corners], axis=0)
    if len(shape.points):
        return shape.points.min(axis=0) - shape.margin, shape.points.max(axis=0) + shape.margin
    return -shape.half - shape.margin, shape.half + shape.margin


def _turned_bounds(pose: Floats, part: Shape) -> tuple[Floats, Floats]:
    low, high = bounds(part)
    middle = pose[:3, :3] @ (low + high) / 2 + pose[:3, 3]
    half = np.abs(pose[:3, :3]) @ (high - low) / 2
    return middle - half, middle + half


def _across(squares: Floats) -> Floats:
    x, y, z = squares
    return np.array([y + z, x + z, x + y])
