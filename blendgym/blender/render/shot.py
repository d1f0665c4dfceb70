"""A view made concrete: the camera object and its geometry at this moment."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any, NamedTuple

import bpy
import msgspec
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.imaging.lens_map import LensMap
from blendgym.blender.physics.poses import array_of
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import RenderError
from blendgym.geometry import FLIP_YZ, Lens
from blendgym.images.projections import Projection, lens_with, projection_of
from blendgym.images.views import Matrix as Rows
from blendgym.images.views import View, check_memory

Changes = list[tuple[Any, dict[str, Any]]]
"""Owners of properties, with values by name."""

WIDEST = math.pi + 1e-6
"""Cone whose depths are not negative, in rad; Blender has it in single precision."""

OPTICS = 64
"""How many lenses are kept with what follows from them."""

_PARTS_OF_POSE = ("location", "rotation_euler", "rotation_quaternion", "rotation_axis_angle", "scale")


class Shot(NamedTuple):
    """One picture to take.

    Args:
        view: What was asked for.
        camera: The camera object.
        lens: Its own, or the one that the view has instead.
        projection: What follows from it.
        world_to_camera: 4×4, OpenCV's convention.
        near: Depth at which the camera begins to see, in m.
        far: Depth at which it ceases to see, in m.
        lens_map: How it is taken from a picture without distortion; ``None`` if it has none itself.
    """

    view: View
    camera: bpy.types.Object
    lens: Lens
    projection: Projection
    world_to_camera: NDArray[np.float64]
    near: float
    far: float
    lens_map: LensMap | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        return self.view.width, self.view.height

    def rendering(self, *further: str) -> Shot:
        """The same with what an engine has to render for its passes, and for further ones."""
        return self._replace(view=self.view.rendering(*further))

    @property
    def drawn(self) -> Shot:
        """What engines draw for it: the same, or a picture without distortion that shows all that is needed.

        Raises:
            RenderError: If that is too large.
        """
        if self.lens_map is None:
            return self
        (width, height), matrix = self.lens_map.size, self.lens_map.intrinsics
        intrinsics = tuple(map(tuple, matrix.tolist()))
        view = msgspec.structs.replace(self.view, width=width, height=height, intrinsics=intrinsics)
        check_memory(view)
        lens = lens_with(matrix, self.lens, width, height)
        return self._replace(view=view, lens=lens, projection=Projection("perspective", matrix), lens_map=None)

    def ray_lengths(self) -> NDArray[np.float32]:
        """Distance along the ray for each metre of depth, (height, width); NaN where a fisheye sees nothing."""
        return self.lens_map.ray_lengths if self.lens_map else self.projection.ray_lengths(*self.size)

    def count(self, covered: NDArray[np.bool_], left: int = 0, top: int = 0) -> int:
        """How many of its pixels show what is covered in the picture that is drawn for it.

        Args:
            covered: (rows, columns) of a part of that picture.
            left: Where the part begins.
            top: Where the part begins.
        """
        if self.lens_map is None:
            return int(np.count_nonzero(covered))
        rows, columns = covered.shape
        return int(self.lens_map.times[top : top + rows, left : left + columns][covered].sum())

    @property
    def clip_matrix(self) -> NDArray[np.float64]:
        """From the camera's frame to clip space, row 0 of the image first."""
        return self.projection.clip_matrix(*self.size, self.near, self.far)


def aim(loaded: LoadedScene, camera: bpy.types.Object, view: View) -> Shot:
    """Makes a view of a camera concrete.

    Raises:
        RenderError: If the camera is a panorama that is no fisheye, or the view asks for what it cannot have.
    """
    data = camera.data
    lens, projection = _optics(_lens(loaded.scene, data), view.intrinsics, view.width, view.height)
    if projection.field_of_view > WIDEST and "depth" in view.passes:
        raise RenderError(
            f"Camera {view.camera!r} sees {math.degrees(projection.field_of_view):.0f}°, and beyond 180° depth along "
            "the axis is negative; ask for the pass 'distance'."
        )
    pose = np.array(view.world_to_camera) if view.world_to_camera else _world_to_camera(loaded.evaluated(camera))
    return Shot(view, camera, lens, projection, pose, data.clip_start, data.clip_end)


@lru_cache(OPTICS)
def _optics(lens: Lens, intrinsics: Rows | None, width: int, height: int) -> tuple[Lens, Projection]:
    """The lens of a view, which may have other intrinsics than its camera, and what follows from it."""
    if intrinsics is None:
        return lens, projection_of(lens, width, height)
    lens = lens_with(intrinsics, lens, width, height)
    projection = projection_of(lens, width, height)
    return lens, msgspec.structs.replace(projection, intrinsics=np.array(intrinsics, np.float64))  # Exactly.


@contextmanager
def as_scene_camera(scene: bpy.types.Scene, shot: Shot) -> Iterator[None]:
    """Lets Blender itself look through a shot, for engines that render the scene's own camera."""
    render, camera = scene.render, shot.camera
    changes: Changes = [
        (scene, {"camera": camera}),
        (
            render,
            {
                "resolution_x": shot.view.width,
                "resolution_y": shot.view.height,
                "pixel_aspect_x": shot.lens.pixel_aspect_x,
                "pixel_aspect_y": shot.lens.pixel_aspect_y,
            },
        ),
    ]
    if shot.view.intrinsics:
        names = ("lens", "sensor_fit", "sensor_width", "sensor_height", "shift_x", "shift_y", "ortho_scale")
        changes.append((camera.data, {name: getattr(shot.lens, name) for name in names}))
    pose = np.linalg.inv(shot.world_to_camera) @ FLIP_YZ
    with changed(changes), _placed(camera, pose) if shot.view.world_to_camera else nullcontext():
        yield


def apply(changes: Changes) -> Changes:
    """Sets properties of Blender's data. What has its value already is left alone.

    Returns:
        What undoes it.
    """
    before: Changes = []
    for owner, values in changes:
        for name, value in values.items():
            now = getattr(owner, name)
            if now != value:
                before.insert(0, (owner, {name: now.copy() if hasattr(now, "copy") else now}))
                setattr(owner, name, value)
    return before


@contextmanager
def changed(changes: Changes) -> Iterator[None]:
    """Sets properties of Blender's data for a while."""
    before = apply(changes)
    try:
        yield
    finally:
        apply(before)


@contextmanager
def _placed(camera: bpy.types.Object, pose: NDArray[np.float64]) -> Iterator[None]:
    """Puts a camera somewhere for a while."""
    # Blender takes a pose apart, so that setting the old one again would not bring back the very same numbers.
    own_pose, own_parts = camera.matrix_world.copy(), {name: tuple(getattr(camera, name)) for name in _PARTS_OF_POSE}
    camera.matrix_world = Matrix(pose.tolist())
    try:
        yield
    finally:
        camera.matrix_world = own_pose
        for name, value in own_parts.items():
            setattr(camera, name, value)


def _lens(scene: bpy.types.Scene, data: bpy.types.Camera) -> Lens:
    render = scene.render
    lens = Lens(
        data.lens,
        data.sensor_fit,
        data.sensor_width,
        data.sensor_height,
        data.shift_x,
        data.shift_y,
        render.pixel_aspect_x,
        render.pixel_aspect_y,
        data.type,
        data.ortho_scale,
    )
    if data.type != "PANO":
        return lens
    panorama = compat.panorama(data)
    return lens._replace(
        panorama_type=panorama.panorama_type,
        fisheye_fov=panorama.fisheye_fov,
        fisheye_lens=panorama.fisheye_lens,
        fisheye_polynomial=tuple(getattr(panorama, f"fisheye_polynomial_k{power}") for power in range(5)),
    )


def _world_to_camera(camera: bpy.types.Object) -> NDArray[np.float64]:
    # Blender ignores the scale of a camera.
    return np.asarray(FLIP_YZ @ array_of(camera.matrix_world.normalized().inverted()))
