"""Cameras and boxes in numbers: plain NumPy, the same on both sides of the wire.

Pixels are those of OpenCV: the centre of the upper left one is (0, 0), so that the image reaches from -0.5 to
width - 0.5. Boxes count from the upper left *corner* of the image, so that a box of whole pixels has whole numbers.
The camera's frame has x to the right, y down and z forward.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FLIP_YZ = np.diag([1.0, -1.0, -1.0, 1.0])
"""Between OpenCV's frame of a camera and Blender's (x right, y up, z backward); its own inverse."""

Box = tuple[float, float, float, float]


class Extent(NamedTuple):
    """What is seen of a thing in an image.

    Args:
        pixels: How many it covers.
        box: Tight box around them.
    """

    pixels: int
    box: Box


class Lens(NamedTuple):
    """The perspective of a Blender camera, by Blender's names.

    Args:
        lens: Focal length, in mm.
        sensor_fit: ``"AUTO"``, ``"HORIZONTAL"`` or ``"VERTICAL"``.
        sensor_width: In mm.
        sensor_height: In mm; matters for ``"VERTICAL"`` alone.
        shift_x: Of the sensor, as a share of the side that fits.
        shift_y: Likewise.
        pixel_aspect_x: Width of a pixel, of the render settings.
        pixel_aspect_y: Height of a pixel.
    """

    lens: float
    sensor_fit: str
    sensor_width: float
    sensor_height: float
    shift_x: float = 0.0
    shift_y: float = 0.0
    pixel_aspect_x: float = 1.0
    pixel_aspect_y: float = 1.0


def intrinsics_of(lens: Lens, width: int, height: int) -> NDArray[np.float64]:
    """The 3×3 camera matrix of a Blender camera for an image of some pixels.

    Source: Blender's manual, "Cameras: Sensor", and the rule that AUTO fits the longer side in real proportions.
    """
    aspect = lens.pixel_aspect_y / lens.pixel_aspect_x
    horizontal = lens.sensor_fit == "HORIZONTAL" or (lens.sensor_fit == "AUTO" and width >= height * aspect)
    # Everything in units of a pixel's width.
    fitted = width if horizontal else height * aspect
    sensor = lens.sensor_height if lens.sensor_fit == "VERTICAL" else lens.sensor_width
    focal = lens.lens / sensor * fitted
    centre_x = width / 2 - lens.shift_x * fitted - 0.5
    centre_y = height / 2 + lens.shift_y * fitted / aspect - 0.5
    return np.array([[focal, 0.0, centre_x], [0.0, focal / aspect, centre_y], [0.0, 0.0, 1.0]])


def lens_of(intrinsics: ArrayLike, width: int, height: int, sensor_width: float = 36.0) -> Lens:
    """The Blender camera that has some intrinsics: the inverse of ``intrinsics_of``.

    Args:
        intrinsics: 3×3 camera matrix without skew.
        width: Of the image.
        height: Of the image.
        sensor_width: Free to choose, in mm.
    """
    matrix = np.asarray(intrinsics, float)
    (fx, _, cx), (_, fy, cy), _ = matrix.tolist()
    aspect = fx / fy
    return Lens(
        lens=fx * sensor_width / width,
        sensor_fit="HORIZONTAL",
        sensor_width=sensor_width,
        sensor_height=sensor_width,
        shift_x=(width / 2 - 0.5 - cx) / width,
        shift_y=(cy + 0.5 - height / 2) * aspect / width,
        # Blender takes no pixel aspect below 1.
        pixel_aspect_x=max(1.0, 1.0 / aspect),
        pixel_aspect_y=max(1.0, aspect),
    )


def projection_matrix(intrinsics: ArrayLike, width: int, height: int, near: float, far: float) -> NDArray[np.float64]:
    """The 4×4 matrix from OpenCV's camera frame to OpenGL's clip space, with row 0 of the image at y = -1.

    A buffer that is drawn with it and read in OpenGL's order begins with the top of the image.
    """
    (fx, _, cx), (_, fy, cy), _ = np.asarray(intrinsics, float).tolist()
    depth = far - near
    return np.array(
        [
            [2 * fx / width, 0.0, (2 * cx + 1) / width - 1, 0.0],
            [0.0, 2 * fy / height, (2 * cy + 1) / height - 1, 0.0],
            [0.0, 0.0, (far + near) / depth, -2 * far * near / depth],
            [0.0, 0.0, 1.0, 0.0],
        ]
    )


def project(points: ArrayLike, intrinsics: ArrayLike, world_to_camera: ArrayLike) -> NDArray[np.float64]:
    """Pixels (..., 2) of points (..., 3) of the world; NaN for what is behind the camera."""
    seen = transform(points, world_to_camera)
    depth = np.where(seen[..., 2:] > 0, seen[..., 2:], np.nan)
    homogeneous = seen @ np.asarray(intrinsics, float).T
    return np.asarray(homogeneous[..., :2] / depth)


def transform(points: ArrayLike, matrix: ArrayLike) -> NDArray[np.float64]:
    """Points (..., 3) moved by a 4×4 matrix."""
    pose = np.asarray(matrix, float)
    return np.asarray(np.asarray(points, float) @ pose[:3, :3].T + pose[:3, 3])


def ray_lengths(intrinsics: ArrayLike, width: int, height: int) -> NDArray[np.float32]:
    """Distance along the ray for each metre of depth, (height, width): what turns depth into distance."""
    (fx, _, cx), (_, fy, cy), _ = np.asarray(intrinsics, float).tolist()
    x = (np.arange(width) - cx) / fx
    y = (np.arange(height) - cy) / fy
    return np.asarray(np.sqrt(1.0 + x[None, :] ** 2 + y[:, None] ** 2), np.float32)


def distance_of(depth: NDArray[np.float32], intrinsics: ArrayLike, far: float) -> NDArray[np.float32]:
    """Metres along the ray of (height, width) metres along the axis; the far end stays the far end."""
    height, width = depth.shape
    along_ray = depth * ray_lengths(intrinsics, width, height)
    return np.where(depth < far, along_ray, np.float32(far))


def extents_of_ids(ids: NDArray[np.int32]) -> dict[int, Extent]:
    """How many pixels each id of (height, width) covers, and the tight box around them."""
    width = ids.shape[1]
    begins = np.ones(ids.shape, bool)
    np.not_equal(ids[:, 1:], ids[:, :-1], out=begins[:, 1:])
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=ids.size)
    owners = ids.ravel()[starts]
    order = np.argsort(owners, kind="stable")
    rows, lefts = np.divmod(starts[order], width)
    lengths, owners = lengths[order], owners[order]
    heads = np.flatnonzero(np.diff(owners, prepend=owners[0] - 1))
    firsts = np.minimum.reduceat([lefts, rows], heads, axis=1)
    lasts = np.maximum.reduceat([lefts + lengths, rows + 1], heads, axis=1)
    boxes = map(tuple, np.concatenate([firsts, lasts]).T.astype(float).tolist())
    pixels = np.add.reduceat(lengths, heads).tolist()
    return {number: Extent(*each) for number, *each in zip(owners[heads].tolist(), pixels, boxes, strict=True)}


def box_of_mesh(
    vertices: NDArray[np.float64], edges: Callable[[], NDArray[np.int32]], intrinsics: ArrayLike, near: float
) -> Box | None:
    """The tight box around the projection of a mesh, or ``None`` if all of it is nearer than the near end.

    Args:
        vertices: (vertices, 3) in the camera's frame, in m.
        edges: Gives (edges, 2) numbers of vertices. Those that cross the near plane are cut there.
        intrinsics: 3×3 camera matrix.
        near: Depth at which the camera begins to see, in m.
    """
    ahead = vertices[:, 2] >= near
    visible = vertices[ahead]
    if 0 < len(visible) < len(vertices):
        visible = np.concatenate([visible, _cuts(vertices, edges(), near)])
    if not len(visible):
        return None
    pixels = project(visible, intrinsics, np.eye(4)) + 0.5
    left, top = pixels.min(axis=0).tolist()
    right, bottom = pixels.max(axis=0).tolist()
    return left, top, right, bottom


def _cuts(vertices: NDArray[np.float64], edges: NDArray[np.int32], near: float) -> NDArray[np.float64]:
    """Where edges cross the near plane."""
    ahead = vertices[:, 2] >= near
    ends = vertices[edges[ahead[edges[:, 0]] != ahead[edges[:, 1]]]]
    share = (near - ends[:, 0, 2]) / (ends[:, 1, 2] - ends[:, 0, 2])
    return np.asarray(ends[:, 0] + share[:, None] * (ends[:, 1] - ends[:, 0]))


def truncation(box: Box, width: int, height: int) -> float:
    """The share of a box that lies outside of the image, from 0 to 1."""
    left, top, right, bottom = box
    area = (right - left) * (bottom - top)
    if area <= 0:
        return 0.0
    inside = max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))
    return 1.0 - inside / area
