"""Projections: how cameras map points to pixels, and pixels to rays, in closed form.

All of them map a point to the lens plane first, and the camera matrix K maps that to pixels, as in OpenCV:
``(u, v, 1) = K (a, b, 1)``. Perspective: ``(a, b) = (x, y) / z``. Orthographic: ``(a, b) = (x, y)``, so that K has
pixels per metre. A fisheye turns the angle t between ray and optical axis into a radius on the lens plane: t itself
(equidistant; with K this is OpenCV's ``cv2.fisheye`` without distortion), 2 sin(t / 2) (equisolid), or millimetres on
the sensor by a polynomial (Blender's own fisheye lens polynomial). A perspective lens may distort the lens plane, as in
OpenCV, before K maps it: see ``blendgym.images.distortion``.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from blendgym.errors import RenderError
from blendgym.geometry import Lens, lens_of, scaled_intrinsics, sensor_of
from blendgym.images.distortion import distorted, undistorted

Kind = Literal["perspective", "orthographic", "equidistant", "equisolid", "polynomial"]
Floats = NDArray[np.float64]

FISHEYES = ("equidistant", "equisolid", "polynomial")

LARGEST = 1e4  # mm
RADII = 4097
"""Radii between which the inverse of a polynomial is interpolated, before Newton's method makes it exact."""


class Projection(msgspec.Struct, frozen=True):
    """The projection of a camera, in the camera's frame: x right, y down, z forward.

    Args:
        kind: ``"perspective"``, ``"orthographic"``, ``"equidistant"``, ``"equisolid"`` or ``"polynomial"``.
        intrinsics: 3×3 camera matrix K from the lens plane to pixels; the centre of the upper left pixel is (0, 0).
        field_of_view: Angle of the cone that a fisheye sees, in rad.
        polynomial: Of a ``"polynomial"``: coefficients of the angle in rad, in ascending powers of the radius in mm.
        distortion: Of a ``"perspective"``: OpenCV's coefficients k1, k2, p1, p2, k3; empty for a lens without.
    """

    kind: Kind
    intrinsics: NDArray[Any]
    field_of_view: float = math.pi
    polynomial: tuple[float, ...] = ()
    distortion: tuple[float, ...] = ()

    @property
    def is_fisheye(self) -> bool:
        """Whether it sees a cone."""
        return self.kind in FISHEYES

    @property
    def is_straight(self) -> bool:
        """Whether straight lines stay straight."""
        return not (self.is_fisheye or self.distortion)

    def project(self, seen: ArrayLike) -> Floats:
        """Where points are seen.

        Args:
            seen: (..., 3) points in the camera's frame, in m.

        Returns:
            (..., 2) pixels; NaN for what is behind the camera, outside of the cone of a fisheye, or further out than
            a distortion can be inverted.
        """
        points = self._on_lens_plane(np.asarray(seen, float))
        return self.on_image(points) if self.kind == "perspective" else self._in_pixels(points)

    def on_image(self, points: Floats) -> Floats:
        """Where points of the lens plane of a perspective camera are seen, distorted as they are.

        Args:
            points: (..., 2): x / z and y / z.

        Returns:
            (..., 2) pixels.
        """
        return self._in_pixels(distorted(points, self.distortion) if self.distortion else points)

    def rays(self, width: int, height: int) -> Floats:
        """The directions of the rays through the centres of pixels.

        Returns:
            (height, width, 3) unit vectors; NaN for pixels outside of the cone of a fisheye.
        """
        a, b = self.lens_plane(width, height)
        if self.kind == "orthographic":
            return np.broadcast_to([0.0, 0.0, 1.0], (height, width, 3)).copy()
        if self.kind == "perspective":
            directions = np.stack([a, b, np.ones_like(a)], axis=-1)
            return np.asarray(directions / np.linalg.norm(directions, axis=-1, keepdims=True))
        radius = np.hypot(a, b)
        angle = self._angle_of(radius)
        angle = np.where(2.0 * angle <= self.field_of_view, angle, np.nan)
        outwards = np.sin(angle) / np.where(radius > 0, radius, 1.0)
        return np.stack([a * outwards, b * outwards, np.cos(angle)], axis=-1)

    def ray_lengths(self, width: int, height: int) -> NDArray[np.float32]:
        """Distance along the ray for each metre of depth, (height, width); NaN where a fisheye sees nothing."""
        if self.kind == "perspective":
            a, b = self.lens_plane(width, height)
            return np.asarray(np.sqrt(1.0 + a**2 + b**2), np.float32)
        return np.asarray(1.0 / self.rays(width, height)[..., 2], np.float32)

    def clip_matrix(self, width: int, height: int, near: float, far: float) -> Floats:
        """The 4×4 matrix from the camera's frame to OpenGL's clip space, with row 0 of the image at y = -1.

        A buffer that is drawn with it and read in OpenGL's order begins with the top of the image. There is none for
        what bends straight lines.
        """
        (fx, _, cx), (_, fy, cy), _ = self.intrinsics.tolist()
        depth = far - near
        right, down = (2 * cx + 1) / width - 1, (2 * cy + 1) / height - 1
        if self.kind == "orthographic":
            rows = [
                [2 * fx / width, 0.0, 0.0, right],
                [0.0, 2 * fy / height, 0.0, down],
                [0.0, 0.0, 2.0 / depth, -(far + near) / depth],
                [0.0, 0.0, 0.0, 1.0],
            ]
        else:
            rows = [
                [2 * fx / width, 0.0, right, 0.0],
                [0.0, 2 * fy / height, down, 0.0],
                [0.0, 0.0, (far + near) / depth, -2 * far * near / depth],
                [0.0, 0.0, 1.0, 0.0],
            ]
        return np.array(rows)

    def lens_plane(self, width: int, height: int) -> tuple[Floats, Floats]:
        """The points of the lens plane that are seen in the centres of pixels, (height, width) each.

        NaN where a distortion cannot be inverted.
        """
        (fx, _, cx), (_, fy, cy), _ = self.intrinsics.tolist()
        a, b = np.meshgrid((np.arange(width) - cx) / fx, (np.arange(height) - cy) / fy)
        if not self.distortion:
            return a, b
        points = undistorted(np.stack([a, b], axis=-1), self.distortion)
        return points[..., 0], points[..., 1]

    def _in_pixels(self, points: Floats) -> Floats:
        scales = np.array([self.intrinsics[0, 0], self.intrinsics[1, 1]])
        return np.asarray(points * scales + self.intrinsics[:2, 2])

    def _on_lens_plane(self, points: Floats) -> Floats:
        sideways, depth = points[..., :2], points[..., 2:]
        if self.kind == "orthographic":
            return np.where(depth > 0, sideways, np.nan)
        if self.kind == "perspective":
            return np.asarray(sideways / np.where(depth > 0, depth, np.nan))
        away = np.linalg.norm(sideways, axis=-1, keepdims=True)
        angle = np.arctan2(away, depth)
        radius = np.where(2.0 * angle <= self.field_of_view, self._radius_of(angle), np.nan)
        return np.asarray(sideways / np.where(away > 0, away, 1.0) * radius)

    def _radius_of(self, angle: Floats) -> Floats:
        if self.kind == "equidistant":
            return angle
        if self.kind == "equisolid":
            return np.asarray(2.0 * np.sin(angle / 2.0))
        return self._inverse(angle)

    def _angle_of(self, radius: Floats) -> Floats:
        if self.kind == "equidistant":
            return radius
        if self.kind == "equisolid":
            return np.asarray(2.0 * np.arcsin(np.where(radius <= 2.0, radius / 2.0, np.nan)))
        return np.asarray(np.polyval(self._descending, radius))

    def _inverse(self, angle: Floats) -> Floats:
        """The radii at which a polynomial has some angles, on its rising part."""
        slope = np.polyder(self._descending)
        largest = 1.0
        while self._angle_of(np.array(largest)) < self.field_of_view / 2 and largest < LARGEST:
            largest *= 1.1
        radii = np.linspace(0.0, largest, RADII)
        angles = np.maximum.accumulate(self._angle_of(radii))
        radius = np.interp(angle, angles, radii, right=np.nan)
        for _ in range(3):
            radius = radius - (self._angle_of(radius) - angle) / np.polyval(slope, radius)
        return np.asarray(radius)

    @property
    def _descending(self) -> Floats:
        return np.array(self.polynomial[::-1])


def projection_of(lens: Lens, width: int, height: int) -> Projection:
    """The projection of a Blender camera for an image of some pixels.

    Raises:
        RenderError: If it is a panorama that is no fisheye.
    """
    if lens.type == "ORTHO":
        return Projection("orthographic", scaled_intrinsics(1.0 / lens.ortho_scale, lens, width, height))
    if lens.type == "PERSP":
        return Projection("perspective", scaled_intrinsics(lens.lens / sensor_of(lens), lens, width, height))
    # Shifts of panoramas count in widths and heights of the image, whatever fits.
    centre = (0.5 - lens.shift_x) * width - 0.5, (0.5 + lens.shift_y) * height - 0.5
    if lens.panorama_type == "FISHEYE_EQUIDISTANT":
        intrinsics = _matrix(width / lens.fisheye_fov, height / lens.fisheye_fov, *centre)
        return Projection("equidistant", intrinsics, lens.fisheye_fov)
    if lens.panorama_type == "FISHEYE_EQUISOLID":
        fitted = scaled_intrinsics(lens.fisheye_lens / sensor_of(lens), lens, width, height)
        return Projection("equisolid", _matrix(fitted[0, 0], fitted[1, 1], *centre), lens.fisheye_fov)
    if lens.panorama_type == "FISHEYE_LENS_POLYNOMIAL":
        fitted = scaled_intrinsics(1.0 / sensor_of(lens), lens, width, height)
        coefficients = tuple(-each for each in lens.fisheye_polynomial)
        return Projection("polynomial", _matrix(fitted[0, 0], fitted[1, 1], *centre), lens.fisheye_fov, coefficients)
    raise RenderError(
        f"A camera of type {lens.panorama_type or lens.type} has no camera matrix. Perspective, orthographic and "
        "fisheye cameras have one (FISHEYE_EQUIDISTANT, FISHEYE_EQUISOLID, FISHEYE_LENS_POLYNOMIAL)."
    )


def lens_with(intrinsics: ArrayLike, lens: Lens, width: int, height: int) -> Lens:
    """The lens of a Blender camera with another camera matrix.

    Raises:
        RenderError: If it is a panorama, whose lens says more than a matrix does.
    """
    if lens.type == "PERSP":
        return lens_of(intrinsics, width, height)
    if lens.type == "ORTHO":
        pixels_per_metre = float(np.asarray(intrinsics)[0, 0])
        return lens_of(intrinsics, width, height)._replace(type="ORTHO", ortho_scale=width / pixels_per_metre)
    raise RenderError(f"A camera of type {lens.panorama_type} takes no other intrinsics; set its lens in Blender.")


def _matrix(fx: float, fy: float, cx: float, cy: float) -> Floats:
    return np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])
