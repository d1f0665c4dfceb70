"""What comes back of a view: images, the geometry of the camera, and every object in sight."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from blendgym import geometry
from blendgym.images.projections import Projection

Box2D = geometry.Box
"""(left, top, right, bottom) in pixels from the upper left corner of the image; right and bottom are exclusive."""


class BlenderCamera(msgspec.Struct, frozen=True):
    """A camera as Blender describes it, by Blender's names.

    Lengths are in mm, clipping and ``ortho_scale`` in m, angles in rad.
    """

    lens: float
    sensor_fit: str
    sensor_width: float
    sensor_height: float
    shift_x: float
    shift_y: float
    clip_start: float
    clip_end: float
    pixel_aspect_x: float
    pixel_aspect_y: float
    type: str
    ortho_scale: float
    panorama_type: str
    fisheye_fov: float
    fisheye_lens: float
    fisheye_polynomial: tuple[float, ...]


class ObjectEntry(msgspec.Struct, frozen=True):
    """An object that can be seen.

    Args:
        id: Its number in every segmentation of the scene.
        name: Of the object in Blender.
        category: Its custom property ``category``, otherwise its name without a trailing number.
        category_id: Its category's number in every segmentation by category of the scene.
        extras: Its other custom properties that are plain values.
    """

    id: int
    name: str
    category: str
    category_id: int
    extras: dict[str, Any]


class SeenObject(ObjectEntry, frozen=True):
    """An object that is in sight.

    Args:
        pixels: How many it covers.
        visibility: Those pixels as a share of the pixels that it would cover alone, from 0 to 1; ``None`` if it was
            not asked for.
        box: Tight box around its pixels, or ``None`` if it is hidden.
        amodal_box: Tight box around all of it, hidden or not; may reach beyond the image.
        truncation: Share of the amodal box that lies outside of the image, from 0 to 1.
        pose: 4×4 matrix from the object's frame to the world's.
        corners: (8, 3) corners of its bounding box along its own axes, in m in the frame of the world, in Blender's
            order: four with the lowest x, four with the highest; in each y and z go low-low, low-high, high-high,
            high-low.
    """

    pixels: int
    visibility: float | None
    box: Box2D | None
    amodal_box: Box2D
    truncation: float
    pose: NDArray[Any]
    corners: NDArray[Any]


class Keypoint(msgspec.Struct, frozen=True):
    """A point that is marked in the scene.

    Args:
        name: Of the empty that marks it, or ``object.group`` for a vertex group ``keypoint:group``.
        object: Name of the object that it is part of: the empty's parent; empty if there is none.
        position: (3,), in m in the frame of the world.
        pixel: (2,), as in OpenCV; may lie outside of the image. NaN for what is behind the camera.
        is_visible: Whether it is in the image and nothing hides it. An empty's parent does not hide it.
    """

    name: str
    object: str
    position: NDArray[Any]
    pixel: NDArray[Any]
    is_visible: bool


class Capture(msgspec.Struct, frozen=True):
    """One view with everything that is known about it.

    Args:
        images: Arrays by the name of their pass; see ``blendgym.images.passes.PASSES``.
        projection: How the camera maps points in its frame to pixels, and pixels to rays.
        world_to_camera: 4×4 matrix into the camera's frame: x right, y down, z forward, in m.
        blender_camera: The camera as Blender describes it.
        objects: Every object in sight, by id.
        keypoints: The keypoints that were asked for, in sight or not.
    """

    images: dict[str, NDArray[Any]]
    projection: Projection
    world_to_camera: NDArray[Any]
    blender_camera: BlenderCamera
    objects: tuple[SeenObject, ...]
    keypoints: tuple[Keypoint, ...] = ()

    @property
    def intrinsics(self) -> NDArray[Any]:
        """3×3 camera matrix K in OpenCV's convention: the centre of the upper left pixel is (0, 0).

        In pixels for a perspective camera, in pixels per metre for an orthographic one; see
        ``blendgym.images.projections`` for what it means for a fisheye.
        """
        return self.projection.intrinsics

    def project(self, points: ArrayLike) -> NDArray[np.float64]:
        """Where points of the world are seen.

        Args:
            points: (..., 3), in m.

        Returns:
            (..., 2) pixels, as in OpenCV: whole numbers are the centres of pixels. NaN for what is behind the camera,
            or outside of the cone of a fisheye.
        """
        return self.projection.project(geometry.transform(points, self.world_to_camera))
