"""How much of a scene the map of a light has to show: what can darken something that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.blender.physics.poses import arrays_of
from blendgym.blender.render.raster.drawables import Drawable
from blendgym.blender.render.shot import Shot

Floats = NDArray[np.float64]

_CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
_CLIP_CORNERS = np.append(2.0 * _CORNERS - 1.0, np.ones((8, 1)), axis=1).T
_GROUNDS = 6  # A floor, walls and a ceiling.
_WIDEST = 0.1
"""Cosine of half of the widest cone that a map shows."""


class Frustum(NamedTuple):
    """What the map of a light shows.

    Args:
        clip_matrix: 4×4, from the world to clip space.
        width: Of the map at clip coordinate w = 1, in m.
        casters: Numbers of the drawables in it.
    """

    clip_matrix: Floats
    width: float
    casters: list[int]


class Volume:
    """Where drawables are.

    Args:
        drawables: At least one.
    """

    def __init__(self, drawables: Sequence[Drawable]) -> None:
        self._poses = arrays_of(each.pose for each in drawables)
        bounds = np.array([each.bounds for each in drawables])
        own = bounds[:, _CORNERS, np.arange(3)]
        self.corners: Floats = own @ self._poses[:, :3, :3].swapaxes(1, 2) + self._poses[:, None, :3, 3]
        self._bounds = bounds
        extents = self.corners.max(axis=1) - self.corners.min(axis=1)
        self._sizes = np.sqrt((extents * extents).sum(axis=1))
        self._casts = np.array([each.casts_shadow for each in drawables])
        self._are_blocks = np.array([each.is_block for each in drawables])

    def casters(self, source: Floats) -> NDArray[np.int64]:
        """Numbers of the drawables that can darken something.

        A large ground would leave too few texels to the rest, so one that has everything else before a side that the
        light shines on is left out.

        Args:
            source: (4,), the place of the light, or the way to it and 0.
        """
        casts = self._casts.copy()
        large = np.flatnonzero(
            casts & self._are_blocks & (self._sizes >= 0.5 * self._sizes.max(where=casts, initial=0))
        )
        for number in large[np.argsort(-self._sizes[large], kind="stable")[:_GROUNDS]]:
            casts[number] = not self._is_ground(number, source)
        return np.flatnonzero(casts)

    def _is_ground(self, number: np.int64, source: Floats) -> bool:
        """Whether one of its sides is between it and all the rest, and faces the light."""
        pose = self._poses[number]
        if abs(np.linalg.det(pose)) < 1e-12:
            return False
        inverse = np.linalg.inv(pose)
        corners = self.corners @ inverse[:3, :3].T + inverse[:3, 3]
        least, greatest, light = corners.min(axis=1), corners.max(axis=1), inverse @ source
        # What stands on a ground may be sunk into it.
        share = np.where(self._sizes < 0.5 * self._sizes[number], 0.5, 0.05)
        slack = share[:, None] * (greatest - least) + 1e-5
        low, high = self._bounds[number]
        are_above, are_below = least >= high - slack, greatest <= low + slack
        are_above[number] = are_below[number] = True
        above = are_above.all(axis=0) & (light[:3] > high * light[3])
        below = are_below.all(axis=0) & (light[:3] < low * light[3])
        return bool((above | below).any())


def frustum_of(light: NDArray[np.float32], volume: Volume, shot: Shot) -> Frustum | None:
    """What the map of a light shows; ``None`` if it darkens nothing.

    Args:
        light: (3, 4), as the surface shader reads it; a sun or a spot.
        volume: What is in the scene.
        shot: What is looked at.
    """
    (*place, kind), (*axis, cosine), _ = light.tolist()
    is_sun = kind == 0
    casters = volume.casters(np.array([*(-share for share in axis), 0.0] if is_sun else [*place, 1.0]))
    if not len(casters):
        return None
    world_to_light = _looking(tuple(axis), (0.0, 0.0, 0.0) if is_sun else tuple(place))
    points = _moved(world_to_light, volume.corners[casters].reshape(-1, 3))
    seen = _moved(world_to_light, _looked_at(shot, volume))
    window = _overlap(points[:, :2], seen[:, :2]) if is_sun else _spot_window(points, cosine)
    if window is None:
        return None
    near, far = float(points[:, 2].min()), float(points[:, 2].max())
    margin = 1e-3 * (far - near) + 1e-4
    lens = _parallel(window, near - margin, far + margin) if is_sun else _central(window, near - margin, far + margin)
    return Frustum(lens @ world_to_light, float((window[1] - window[0]).max()), casters.tolist())


def _looked_at(shot: Shot, volume: Volume) -> Floats:
    """(8, 3), the corners of what a camera sees, as far as there is something, in the world's frame."""
    depths = volume.corners.reshape(-1, 3) @ shot.world_to_camera[2, :3] + shot.world_to_camera[2, 3]
    far = min(max(float(depths.max()), 1.001 * shot.near), shot.far)
    ends = np.linalg.inv(shot.clip_matrix @ shot.world_to_camera) @ _CLIP_CORNERS
    corners: Floats = (ends[:3] / ends[3]).T
    first, last = corners[::2], corners[1::2]
    corners[1::2] = first + (last - first) * (far - shot.near) / (shot.far - shot.near)
    return corners


def _spot_window(points: Floats, cosine: float) -> Floats | None:
    """(2, 2), at depth 1."""
    reach = np.sqrt(1.0 - min(cosine, 1.0) ** 2) / max(cosine, _WIDEST)
    cone = reach * np.array([[-1.0, -1.0], [1.0, 1.0]])
    depths = points[:, 2:]
    if depths.max() <= 0:
        return None
    if depths.min() < 1e-3 * depths.max():
        return cone
    return _overlap(points[:, :2] / depths, cone)


def _overlap(some: Floats, others: Floats) -> Floats | None:
    """(2, 2), the least and the greatest coordinates that are within both."""
    least = np.maximum(some.min(axis=0), others.min(axis=0))
    greatest = np.minimum(some.max(axis=0), others.max(axis=0))
    return np.array([least, greatest]) if np.all(least < greatest) else None


@lru_cache(maxsize=64)
def _looking(along: tuple[float, ...], place: tuple[float, ...]) -> Floats:
    """4×4, from the world to the frame of a light that shines along z."""
    axis = np.array(along)
    side = np.cross(np.eye(3)[np.argmin(np.abs(axis))], axis)
    side /= np.linalg.norm(side)
    pose = np.eye(4)
    pose[:3, :3] = side, np.cross(axis, side), axis
    pose[:3, 3] = -pose[:3, :3] @ place
    return pose


def _parallel(window: Floats, near: float, far: float) -> Floats:
    scale, shift = 2.0 / (window[1] - window[0]), -window.sum(axis=0) / (window[1] - window[0])
    depth = far - near
    return np.array([
        [scale[0], 0.0, 0.0, shift[0]],
        [0.0, scale[1], 0.0, shift[1]],
        [0.0, 0.0, 2.0 / depth, -(far + near) / depth],
        [0.0, 0.0, 0.0, 1.0],
    ])  # fmt: skip


def _central(window: Floats, near: float, far: float) -> Floats:
    scale, shift = 2.0 / (window[1] - window[0]), -window.sum(axis=0) / (window[1] - window[0])
    near = max(near, 1e-3 * far)
    depth = far - near
    return np.array([
        [scale[0], 0.0, shift[0], 0.0],
        [0.0, scale[1], shift[1], 0.0],
        [0.0, 0.0, (far + near) / depth, -2.0 * far * near / depth],
        [0.0, 0.0, 1.0, 0.0],
    ])  # fmt: skip


def _moved(matrix: Floats, points: Floats) -> Floats:
    return points @ matrix[:3, :3].T + matrix[:3, 3]
