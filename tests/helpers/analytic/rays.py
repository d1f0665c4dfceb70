"""What a pinhole camera sees of balls and boxes, by the closed form of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from analytic.known import Ball, Block

Floats = NDArray[np.float64]


class Rays(NamedTuple):
    """One through the centre of each pixel; those of a pinhole camera have steps of 1 m along its axis."""

    origin: Floats
    steps: Floats
    rotation: Floats
    """From the world's frame to the camera's."""


class Hit(NamedTuple):
    """Where rays hit a solid.

    Args:
        depth: (height, width), in m; infinite where they miss.
        normal: (height, width, 3), in the solid's frame of reference.
        face: (height, width) numbers of smooth surfaces.
    """

    depth: Floats
    normal: Floats
    face: NDArray[np.intp]


class Sight(NamedTuple):
    """What is seen of several solids.

    Args:
        which: (height, width) numbers of solids from 0 on, -1 for the background.
        depth: (height, width), in m; infinite in the background.
        normals: (height, width, 3), in the camera's frame; 0 in the background.
        smooth: Where no silhouette and no edge is closer than two pixels.
    """

    which: NDArray[np.intp]
    depth: Floats
    normals: Floats
    smooth: NDArray[np.bool_]


def rays_through(intrinsics: Floats, world_to_camera: Floats, width: int, height: int) -> Rays:
    column, row = np.meshgrid(np.arange(width), np.arange(height))
    in_camera = np.stack([column, row, np.ones_like(row)], axis=-1) @ np.linalg.inv(intrinsics).T
    rotation = world_to_camera[:3, :3]
    return Rays(-rotation.T @ world_to_camera[:3, 3], in_camera @ rotation, rotation)


def look(rays: Rays, solids: Iterable[Ball | Block]) -> Sight:
    """What is seen through some rays."""
    hits = [_hit(rays, solid) for solid in solids]
    depths = np.stack([hit.depth for hit in hits])
    depth, nearest = depths.min(axis=0), depths.argmin(axis=0)
    nothing = np.isinf(depth)
    normals = np.choose(nearest[..., None], [hit.normal for hit in hits]) @ rays.rotation.T
    which = np.where(nothing, -1, nearest)
    faces = np.where(nothing, -1, 6 * nearest + np.choose(nearest, [hit.face for hit in hits]))
    return Sight(which, depth, np.where(nothing[..., None], 0.0, normals), alike(faces, reach=2))


def alike(values: NDArray[Any], reach: int) -> NDArray[np.bool_]:
    """Where all pixels up to some distance, diagonals included, have the same value."""
    around = sliding_window_view(np.pad(values, reach, mode="edge"), (2 * reach + 1, 2 * reach + 1))
    return np.asarray((around == values[..., None, None]).all(axis=(2, 3)))


def corners(block: Block) -> Floats:
    """(8, 3), in the world's frame."""
    signs = np.array(np.meshgrid(*[(-0.5, 0.5)] * 3)).reshape(3, 8).T
    return signs * block.size @ block.place.pose[:3, :3].T + block.place.location


def pixels_of(points: Floats, intrinsics: Floats, world_to_camera: Floats) -> Floats:
    """(points, 2) pixels, OpenCV's convention, of points in front of a camera."""
    seen = points @ world_to_camera[:3, :3].T + world_to_camera[:3, 3]
    return np.asarray((seen / seen[:, 2:] @ intrinsics.T)[:, :2])


def _hit(rays: Rays, solid: Ball | Block) -> Hit:
    return _hit_ball(rays, solid) if isinstance(solid, Ball) else _hit_block(rays, solid)


def _hit_ball(rays: Rays, ball: Ball) -> Hit:
    offset = rays.origin - ball.place.location
    square = (rays.steps**2).sum(axis=-1)
    half = (rays.steps * offset).sum(axis=-1)
    root = half**2 - square * ((offset**2).sum(axis=-1) - ball.radius**2)
    depth = np.where(root >= 0, (-half - np.sqrt(np.maximum(root, 0))) / square, np.inf)
    depth = np.where(depth > 0, depth, np.inf)
    normal = (offset + np.where(np.isfinite(depth), depth, 0)[..., None] * rays.steps) / ball.radius
    return Hit(depth, normal, np.zeros(depth.shape, int))


def _hit_block(rays: Rays, block: Block) -> Hit:
    turn, half = block.place.pose[:3, :3], np.array(block.size) / 2
    origin, steps = (rays.origin - block.place.location) @ turn, rays.steps @ turn
    with np.errstate(divide="ignore"):
        ways = np.stack([(-half - origin) / steps, (half - origin) / steps])
    enters = ways.min(axis=0)
    axis = enters.argmax(axis=-1)
    depth = enters.max(axis=-1)
    missed = (depth > ways.max(axis=0).min(axis=-1)) | (depth <= 0)
    sign = -np.sign(np.take_along_axis(steps, axis[..., None], axis=-1))
    normal = np.eye(3)[axis] * sign @ turn.T
    return Hit(np.where(missed, np.inf, depth), normal, axis)
