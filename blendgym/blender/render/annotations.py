"""What is known about everything in sight: boxes, pixels, pose, and on request how much of it is hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import bpy
import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym import geometry
from blendgym.blender.imaging.lens_map import LensMap
from blendgym.blender.physics.poses import array_of
from blendgym.blender.physics.shapes import triangles, vertices
from blendgym.blender.render.instances import HOLDOUT, Instances
from blendgym.blender.render.shot import Shot
from blendgym.images.captures import SeenObject

PixelsAlone = Callable[[Shot, Mapping[int, geometry.Box]], dict[int, int]]

STEPS = 33
"""Points along each edge of a mesh that is not seen straight."""

SHORT = 4.0
"""Of an edge, in pixels."""

RIM = 1.0 - 1e-9
"""Of the circle that the map of a distortion reaches to."""

_ENDS_OF_CORNERS = np.array([(x, y, z) for x in (0, 1) for y, z in ((0, 0), (0, 1), (1, 1), (1, 0))])
_UNSEEN = geometry.Extent(0, (0.0, 0.0, 0.0, 0.0))


class _Whole(NamedTuple):
    """All of a thing, hidden or not.

    Args:
        box: Around its projection; may reach beyond the image.
        drawn_box: The same in the picture that is drawn.
        pose: From its frame to the world's.
        corners: (8, 3) of its bounding box, in the frame of the world.
    """

    box: geometry.Box
    drawn_box: geometry.Box
    pose: NDArray[np.float64]
    corners: NDArray[np.float64]


class _Shape(NamedTuple):
    """A mesh in its own frame.

    Args:
        points: (vertices, 3).
        corners: (8, 3) of its bounding box, in Blender's order.
    """

    points: NDArray[np.float32]
    corners: NDArray[np.float32]

    @classmethod
    def of(cls, mesh: bpy.types.Mesh) -> _Shape:
        points = vertices(mesh)
        ends = np.stack([points.min(axis=0), points.max(axis=0)])
        return cls(points, ends[_ENDS_OF_CORNERS, (0, 1, 2)])


def objects_in_sight(
    shot: Shot, instances: Instances, segmentation: NDArray[np.int32], pixels_alone: PixelsAlone | None
) -> tuple[SeenObject, ...]:
    """Everything whose projection meets the image, hidden or not, by id.

    Args:
        shot: What is looked at.
        instances: All that can be seen.
        segmentation: Of the shot.
        pixels_alone: Counts the pixels that things would cover alone; ``None`` if nobody asks how much is hidden.
    """
    wholes = _wholes(shot, instances)
    extents = geometry.extents_of_ids(segmentation)
    alone = pixels_alone(shot, {number: whole.drawn_box for number, whole in wholes.items()}) if pixels_alone else None
    return tuple(
        _seen(shot, instances, number, wholes[number], extents.get(number, _UNSEEN), alone) for number in sorted(wholes)
    )


def _seen(
    shot: Shot, instances: Instances, number: int, whole: _Whole, extent: geometry.Extent, alone: dict[int, int] | None
) -> SeenObject:
    return SeenObject(
        **msgspec.structs.asdict(instances.entry(number)),
        pixels=extent.pixels,
        visibility=None if alone is None else extent.pixels / max(1, alone[number]),
        box=extent.box if extent.pixels else None,
        amodal_box=whole.box,
        truncation=geometry.truncation(whole.box, *shot.size),
        pose=whole.pose,
        corners=whole.corners,
    )


def _wholes(shot: Shot, instances: Instances) -> dict[int, _Whole]:
    shapes: dict[int, _Shape] = {}
    wholes: dict[int, _Whole] = {}
    for instance in instances.visible():
        mesh = instance.object.data
        if instance.id == HOLDOUT or not len(mesh.polygons):
            continue
        pointer = mesh.as_pointer()  # Instances share their mesh.
        if pointer not in shapes:
            shapes[pointer] = _Shape.of(mesh)
        shape, pose = shapes[pointer], array_of(instance.pose)
        boxes = _amodal_boxes(shot, mesh, shape.points, pose)
        if boxes and geometry.truncation(boxes[0], *shot.size) < 1.0:
            wholes[instance.id] = _Whole(*boxes, pose, geometry.transform(shape.corners, pose))
    return wholes


def _amodal_boxes(
    shot: Shot, mesh: bpy.types.Mesh, points: NDArray[np.float32], pose: NDArray[np.float64]
) -> tuple[geometry.Box, geometry.Box] | None:
    """The box around a mesh, in the image and in what is drawn for it."""

    def edges() -> NDArray[np.int32]:
        ends = np.empty(2 * len(mesh.edges), np.int32)
        mesh.edges.foreach_get("vertices", ends)
        return ends.reshape(-1, 2)

    seen = geometry.transform(points, shot.world_to_camera @ pose)
    away = np.linalg.norm(seen, axis=1) if shot.projection.is_fisheye else seen[:, 2]
    if away.min() >= shot.far:
        return None
    if shot.projection.is_fisheye:
        box = _bent_box(shot, seen[edges()])
        return (box, box) if box else None
    box = geometry.box_of_mesh(seen, edges, shot.drawn.projection.project, shot.near)
    if box is None or shot.lens_map is None:
        return (box, box) if box else None
    corners = triangles(mesh) if away.min() < shot.near else np.empty((0, 3), np.int32)
    return _distorted_box(shot, shot.lens_map, seen, seen[edges()], seen[corners]), box


def _bent_box(shot: Shot, edges: NDArray[np.float64]) -> geometry.Box | None:
    """The box around edges (edges, 2, 3), followed in small steps, of which the camera sees curves."""
    shares = np.linspace(0.0, 1.0, STEPS)[:, None, None]
    points = (edges[:, 0] + shares * (edges[:, 1] - edges[:, 0])).reshape(-1, 3)
    pixels = shot.projection.project(points[np.linalg.norm(points, axis=1) >= shot.near])
    pixels = pixels[np.isfinite(pixels).all(axis=1)]
    return geometry.box_of_points(pixels) if len(pixels) else None


def _distorted_box(
    shot: Shot, lens_map: LensMap, vertices: NDArray[np.float64], edges: NDArray[np.float64],
    faces: NDArray[np.float64],
) -> geometry.Box:  # fmt: skip
    """The box around a mesh, some of which is ahead; what is beyond the reach of the map is at its rim.

    Args:
        shot: What is looked at.
        lens_map: Of that.
        vertices: (vertices, 3) in the camera's frame.
        edges: (edges, 2, 3), likewise. What the lens bends of a short one does not matter.
        faces: (triangles, 3, 3), likewise, where any is nearer than the near end; they are cut there.
    """
    ahead = vertices[vertices[:, 2] >= shot.near]
    cut = geometry.cut(edges, (0.0, 0.0, 1.0, -shot.near))
    cut = np.concatenate([cut, geometry.section(faces, shot.near)])
    segments = cut[..., :2] / cut[..., 2:]
    lengths = np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1) * shot.projection.intrinsics[0, 0]
    long = segments[lengths > SHORT]
    flat = ahead[:, :2] / ahead[:, 2:]
    points = np.concatenate([flat, long.reshape(-1, 2), _followed(long, lens_map.reach), _turned(long)])
    radii = np.linalg.norm(points, axis=1, keepdims=True)
    points = points * np.minimum(1.0, RIM * lens_map.reach / np.maximum(radii, 1e-300))
    return geometry.box_of_points(shot.projection.on_image(points))


def _followed(segments: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """Points (points, 2) along segments (segments, 2, 2), as far as they are within a circle about the origin."""
    start, step = segments[:, 0], segments[:, 1] - segments[:, 0]
    square, half = (step * step).sum(axis=1), (start * step).sum(axis=1)
    room = half**2 - square * ((start * start).sum(axis=1) - reach**2)
    crossing = (room > 0) & (square > 0)
    start, step, square, half, root = (each[crossing] for each in (start, step, square, half, np.sqrt(room.clip(0.0))))
    enters, leaves = (np.clip((-half + sign * root) / square, 0.0, 1.0) for sign in (-1, 1))
    shares = enters + np.linspace(0.0, 1.0, STEPS)[:, None] * (leaves - enters)
    return (start + shares[..., None] * step).reshape(-1, 2)


def _turned(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (points, 2) along segments (segments, 2, 2), in equal steps of the angle at which the origin sees them.

    Of a segment that is partly or wholly beyond a circle, they say which arc of it it is behind.
    """
    start, step = segments[:, 0], segments[:, 1] - segments[:, 0]
    area = start[:, 0] * step[:, 1] - start[:, 1] * step[:, 0]
    aside = np.abs(area) > 1e-9 * (step * step).sum(axis=1)
    start, step, area, ends = start[aside], step[aside], area[aside], segments[aside, 1]
    turn = np.arctan2(area, (start * ends).sum(axis=1))
    angles = np.arctan2(start[:, 1], start[:, 0]) + np.linspace(0.0, 1.0, STEPS)[:, None] * turn
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    radii = area / (directions[..., 0] * step[:, 1] - directions[..., 1] * step[:, 0])
    return (radii[..., None] * directions).reshape(-1, 2)
