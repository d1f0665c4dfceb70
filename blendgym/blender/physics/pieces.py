"""Collision shapes as convex pieces, whose distances can be computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from blendgym.blender.physics import convex
from blendgym.blender.physics.convex import Convex
from blendgym.blender.physics.inertia import bounds
from blendgym.blender.physics.shapes import Floats, Shape


class Pieces(NamedTuple):
    """A collision shape as convex pieces, in the frame of its body.

    Args:
        convex: The pieces; for a mesh its triangles.
        low: (pieces, 3) lowest corners of their bounding boxes.
        high: (pieces, 3) highest corners.
    """

    convex: Sequence[Convex]
    low: Floats
    high: Floats


class Boxes(NamedTuple):
    """Bounding boxes in the frame of the world, (boxes, 3) each."""

    low: Floats
    high: Floats


def pieces_of(shape: Shape) -> Pieces:
    """The convex pieces of a shape."""
    if shape.kind == "COMPOUND":
        return _together([_moved(pieces_of(part), pose) for pose, part in shape.parts])
    if shape.kind == "MESH":
        corners = shape.points[shape.triangles]
        low, high = corners.min(axis=1) - shape.margin, corners.max(axis=1) + shape.margin
        return Pieces([convex.triangle([*map(tuple, each)], shape.margin) for each in corners.tolist()], low, high)
    low, high = bounds(shape)
    return Pieces([_convex(shape)], low[None], high[None])


def world_boxes(pieces: Pieces, pose: Floats) -> Boxes:
    """The bounding boxes of pieces whose body is at a pose, a 4×4 matrix."""
    rotation, position = pose[:3, :3], pose[:3, 3]
    middle = (pieces.low + pieces.high) / 2 @ rotation.T + position
    half = (pieces.high - pieces.low) / 2 @ np.abs(rotation).T
    return Boxes(middle - half, middle + half)


def _convex(shape: Shape) -> Convex:
    x, y, z = shape.half.tolist()
    match shape.kind:
        case "BOX":
            return convex.box(x, y, z)
        case "SPHERE":
            return convex.sphere(x)
        case "CAPSULE":
            return convex.capsule(x, z - x)
        case "CYLINDER":
            return convex.cylinder(x, z)
        case "CONE":
            return convex.cone(x, z, shape.margin)
    return convex.hull(shape.points, shape.margin)


def _moved(pieces: Pieces, pose: Floats) -> Pieces:
    frame = convex.frame_of(pose)
    moved = [Convex(convex.placed(each, frame), each.radius) for each in pieces.convex]
    return Pieces(moved, *world_boxes(pieces, pose))


def _together(several: Sequence[Pieces]) -> Pieces:
    return Pieces(
        [piece for each in several for piece in each.convex],
        np.concatenate([each.low for each in several]),
        np.concatenate([each.high for each in several]),
    )
