"""Cameras and boxes in numbers: plain NumPy, the same on both sides of the wire.

Pixels are those of OpenCV: the centre of the upper left one is (0, 0), so that the image reaches from -0.5 to
width - 0.5. Boxes count from the upper left *corner* of the image, so that a box of whole pixels has whole numbers.
The camera's frame has x to the right, y down and z forward.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FLIP_YZ = np.diag([1.0, -1.0, -1.0, 1.0])
"""Between OpenCV's frame of a camera and Blender's (x right, y up, z backward); its own inverse."""

Box = tuple[float, float, float, float]
Project = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class Extent(NamedTuple):
    """What is seen of a thing in an image.

    Args:
        pixels: How many it covers.
        box: Tight box around them.
    """

    pixels: int
    box: Box


class Lens(NamedTuple):
    """What a Blender camera sees how, by Blender's names.

    Args:
        lens: Focal length, in mm.
        sensor_fit: ``"AUTO"``, ``"HORIZONTAL"`` or ``"VERTICAL"``.
        sensor_width: In mm.
        sensor_height: In mm; matters for ``"VERTICAL"`` alone.
        shift_x: Of the sensor, as a share of the side that fits.
        shift_y: Likewise.
        pixel_aspect_x: Width of a pixel, of the render settings.
        pixel_aspect_y: Height of a pixel.
        type: ``"PERSP"``, ``"ORTHO"`` or ``"PANO"``.
        ortho_scale: Of an orthographic camera: width of what it sees along the side that fits, in m.
        panorama_type: Of a panoramic camera, such as ``"FISHEYE_EQUIDISTANT"``; otherwise empty.
        fisheye_fov: Of a fisheye: angle of the cone that it sees, in rad.
        fisheye_lens: Of an equisolid fisheye: focal length, in mm.
        fisheye_polynomial: Of a fisheye by polynomial: its coefficients, with Blender's sign.
    """

    lens: float
    sensor_fit: str
    sensor_width: float
    sensor_height: float
    shift_x: float = 0.0
    shift_y: float = 0.0
    pixel_aspect_x: float = 1.0
    pixel_aspect_y: float = 1.0
    type: str = "PERSP"
    ortho_scale: float = 6.0
    panorama_type: str = ""
    fisheye_fov: float = math.pi
    fisheye_lens: float = 10.5
    fisheye_polynomial: tuple[float, ...] = ()


def sensor_of(lens: Lens) -> float:
    """Width or height of the sensor, in mm: the side that counts."""
    return lens.sensor_height if lens.sensor_fit == "VERTICAL" else lens.sensor_width


def scaled_intrinsics(scale: float, lens: Lens, width: int, height: int) -> NDArray[np.float64]:
    """The 3×3 camera matrix of a Blender camera whose fitting side is worth ``1 / scale`` on the lens plane.

    Source: Blender's manual, "Cameras: Sensor", and the rule that AUTO fits the longer side in real proportions.
    """
    aspect = lens.pixel_aspect_y / lens.pixel_aspect_x
    horizontal = lens.sensor_fit == "HORIZONTAL" or (lens.sensor_fit == "AUTO" and width >= height * aspect)
    # Everything in units of a pixel's width.
    fitted = width if horizontal else height * aspect
    centre_x = width / 2 - lens.shift_x * fitted - 0.5
    centre_y = height / 2 + lens.shift_y * fitted / aspect - 0.5
    return np.array([[scale * fitted, 0.0, centre_x], [0.0, scale * fitted / aspect, centre_y], [0.0, 0.0, 1.0]])


def lens_of(intrinsics: ArrayLike, width: int, height: int, sensor_width: float = 36.0) -> Lens:
    """The perspective Blender camera that has some intrinsics.

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


def transform(points: ArrayLike, matrix: ArrayLike) -> NDArray[np.float64]:
    """Points (..., 3) moved by a 4×4 matrix."""
    pose = np.asarray(matrix, float)
    return np.asarray(np.asarray(points, float) @ pose[:3, :3].T + pose[:3, 3])


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
    vertices: NDArray[np.float64], edges: Callable[[], NDArray[np.int32]], project: Project, near: float
) -> Box | None:
    """The tight box around the projection of a mesh, or ``None`` if all of it is nearer than the near end.

    Args:
        vertices: (vertices, 3) in the camera's frame, in m.
        edges: Gives (edges, 2) numbers of vertices. Those that cross the near plane are cut there.
        project: From points in the camera's frame to pixels; straight lines stay straight.
        near: Depth at which the camera begins to see, in m.
    """
    ahead = vertices[:, 2] >= near
    visible = vertices[ahead]
    if 0 < len(visible) < len(vertices):
        visible = np.concatenate([visible, _cuts(vertices, edges(), near)])
    return box_of_points(project(visible)) if len(visible) else None


def box_of_points(pixels: NDArray[np.float64]) -> Box:
    """The tight box around (points, 2) pixels."""
    pixels = pixels + 0.5
    left, top = pixels.min(axis=0).tolist()
    right, bottom = pixels.max(axis=0).tolist()
    return left, top, right, bottom


def cut(ends: NDArray[np.float64], plane: ArrayLike) -> NDArray[np.float64]:
    """What of line segments lies on the positive side of a plane.

    Args:
        ends: (segments, 2, 3).
        plane: (4,): a normal, and the height above the plane at the origin.

    Returns:
        (segments, 2, 3), without those that lie on the other side.
    """
    *normal, height = np.asarray(plane, float)
    heights = ends @ np.array(normal) + height
    crossing = heights.max(axis=1) > 0
    ends, heights = ends[crossing], heights[crossing]
    below = heights < 0
    steps = np.where(below, heights - heights[:, ::-1], 1.0)
    shares = np.where(below, heights / steps, 0.0)
    return np.asarray(ends + shares[..., None] * (ends[:, ::-1] - ends))


def _cuts(vertices: NDArray[np.float64], edges: NDArray[np.int32], near: float) -> NDArray[np.float64]:
    """Where edges cross the near plane."""
    ahead = vertices[:, 2] >= near
    ends = vertices[edges[ahead[edges[:, 0]] != ahead[edges[:, 1]]]]
    share = (near - ends[:, 0, 2]) / (ends[:, 1, 2] - ends[:, 0, 2])
    return np.asarray(ends[:, 0] + share[:, None] * (ends[:, 1] - ends[:, 0]))


def section(triangles: NDArray[np.float64], near: float) -> NDArray[np.float64]:
    """Where triangles go through the near plane.

    Args:
        triangles: (triangles, 3, 3) corners in the camera's frame, in m.
        near: Depth of the plane, in m.

    Returns:
        (segments, 2, 3), one of each triangle that has corners on both sides.
    """
    behind = triangles[..., 2] < near
    crossing = behind.any(axis=1) & ~behind.all(axis=1)
    triangles, behind = triangles[crossing], behind[crossing]
    # One corner is on its own on its side; the other two edges begin there.
    alone = np.argmax(behind == (behind.sum(axis=1) == 1)[:, None], axis=1)
    order = (alone[:, None] + np.arange(3)) % 3
    corners = np.take_along_axis(triangles, order[..., None], axis=1)
    tip, others = corners[:, :1], corners[:, 1:]
    shares = (near - tip[..., 2]) / (others[..., 2] - tip[..., 2])
    return np.asarray(tip + shares[..., None] * (others - tip))


def truncation(box: Box, width: int, height: int) -> float:
    """The share of a box that lies outside of the image, from 0 to 1."""
    left, top, right, bottom = box
    area = (right - left) * (bottom - top)
    if area <= 0:
        return 0.0
    inside = max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))
    return 1.0 - inside / area
