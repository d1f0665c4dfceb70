"""Points that are marked in a scene, and where an image shows them.

An empty with the custom property ``keypoint`` marks the point where it is, such as a joint inside of its parent. A
vertex group whose name begins with ``keypoint:`` marks the mean of its vertices, such as a corner of a surface.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym import geometry
from blendgym.blender.physics.poses import array_of
from blendgym.blender.physics.rays import cast_ray
from blendgym.blender.render.shot import Shot
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError
from blendgym.images.captures import Keypoint
from blendgym.names import missing

PROPERTY = "keypoint"
PREFIX = "keypoint:"

SLACK = 1e-4
"""Share of the way to a point within which a surface is the one that it lies on."""

MOST_SURFACES = 64
"""Of the object that does not hide its own keypoint, on the way to it."""


class _Mark(NamedTuple):
    """A marked point.

    Args:
        name: Of the keypoint.
        owner: Name of the object that it is part of; empty if there is none.
        position: In the frame of the world.
        is_inside: Whether the owner does not hide it.
    """

    name: str
    owner: str
    position: NDArray[np.float64]
    is_inside: bool


def keypoints(shot: Shot, loaded: LoadedScene) -> tuple[Keypoint, ...]:
    """The keypoints that a shot is to tell, in sight or not.

    Raises:
        RenderError: If the scene has none of a name.
    """
    asked = shot.view.keypoints
    if not asked:
        return ()
    loaded.updated_depsgraph()
    marks = {mark.name: mark for mark in sorted(_marks(loaded), key=lambda mark: mark.name)}
    names = asked if isinstance(asked, tuple) else tuple(marks)
    if unknown := [name for name in names if name not in marks]:
        raise RenderError(missing("keypoint", unknown[0], marks))
    chosen = [marks[name] for name in names]
    return tuple(Keypoint(mark.name, mark.owner, mark.position, *_seen(shot, loaded, mark)) for mark in chosen)


def keypoint_array(points: Sequence[Keypoint], shot: Shot) -> NDArray[np.float32]:
    """Keypoints as an observation has them; see ``KEYPOINTS``."""
    array = np.zeros((len(points), 3), np.float32)
    for row, point in zip(array, points, strict=True):
        if _is_in_image(point.pixel, shot):
            row[:] = *point.pixel, 2.0 if point.is_visible else 1.0
    return array


def _marks(loaded: LoadedScene) -> Iterator[_Mark]:
    for name, obj in loaded.objects.items():
        if obj.type == "EMPTY" and obj.get(PROPERTY):
            place = np.array(obj.evaluated_get(loaded.depsgraph).matrix_world.translation)
            yield _Mark(name, loaded.name_of(obj.parent) if obj.parent else "", place, is_inside=True)
        elif obj.type == "MESH":
            yield from _groups(loaded, name, obj)


def _groups(loaded: LoadedScene, name: str, obj: bpy.types.Object) -> Iterator[_Mark]:
    marking = [group for group in obj.vertex_groups if group.name.startswith(PREFIX)]
    groups = {group.index: group.name.removeprefix(PREFIX) for group in marking}
    if not groups:
        return
    evaluated = obj.evaluated_get(loaded.depsgraph)
    sums = {index: np.zeros(4) for index in groups}
    for vertex in evaluated.data.vertices:
        for element in vertex.groups:
            if element.group in sums:
                sums[element.group] += element.weight * np.array((*vertex.co, 1.0))
    for index, total in sums.items():
        if total[3] > 0:
            place = geometry.transform(total[:3] / total[3], array_of(evaluated.matrix_world))
            yield _Mark(f"{name}.{groups[index]}", name, place, is_inside=False)


def _seen(shot: Shot, loaded: LoadedScene, mark: _Mark) -> tuple[NDArray[np.float64], bool]:
    """The pixel of a mark, and whether it is visible there."""
    point = geometry.transform(mark.position, shot.world_to_camera)
    pixel = shot.projection.project(point)
    depth = float(np.linalg.norm(point)) if shot.projection.is_fisheye else float(point[2])
    if not _is_in_image(pixel, shot) or not shot.near <= depth <= shot.far:
        return pixel, False
    return pixel, not _is_hidden(loaded, mark, _near_end(shot, point, depth))


def _is_in_image(pixel: NDArray[np.float64], shot: Shot) -> bool:
    width, height = shot.size
    return bool((pixel >= -0.5).all() and (pixel < (width - 0.5, height - 0.5)).all())


def _near_end(shot: Shot, point: NDArray[np.float64], depth: float) -> NDArray[np.float64]:
    """Where the ray to a point of the camera's frame enters what the camera sees, in the frame of the world."""
    if shot.projection.kind == "orthographic":
        start = np.array((point[0], point[1], shot.near))
    else:
        start = point * (shot.near / depth)
    return geometry.transform(start, np.linalg.inv(shot.world_to_camera))


def _is_hidden(loaded: LoadedScene, mark: _Mark, start: NDArray[np.float64]) -> bool:
    way = mark.position - start
    left = float(np.linalg.norm(way))
    margin = SLACK * left
    for _ in range(MOST_SURFACES):
        if left <= margin:
            return False
        hit = cast_ray(loaded, start, way, left - margin)
        if hit is None:
            return False
        if not (mark.is_inside and hit.object == mark.owner):
            return True
        start = hit.point + way * (margin / float(np.linalg.norm(way)))
        left -= hit.distance + margin
    return True
