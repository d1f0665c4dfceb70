"""BOP: poses of objects in the frame of the camera, as the BOP toolkit reads them (its "scenewise" layout).

Source: https://github.com/thodan/bop_toolkit, ``docs/bop_datasets_format.md`` and ``scripts/calc_gt_info.py``. Lengths
are in mm, matrices row by row. Pixels are OpenCV's, as in the toolkit's own ``depth_im_to_dist_im``: the centre of the
upper left one is (0, 0). Its renderers put the corner of the image there instead, and so are half a pixel off.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.data.exporters.journal import read_line
from blendgym.data.exporters.pictures import Picture
from blendgym.data.exporters.writer import JournalWriter
from blendgym.data.recording.png import to_png
from blendgym.data.sample import Sample
from blendgym.errors import InvalidOption
from blendgym.files import atomically_written, write_whole
from blendgym.geometry import Box
from blendgym.images.captures import SeenObject

SPLIT = "train_pbr"
"""What the challenge calls rendered images for training."""

OF_A_SCENE = 1000
"""Samples whose pictures through one view make a scene: readers load the files of a scene as a whole."""

OF_A_RUN = 100_000
"""Numbers of scenes that each run has to itself."""

MM = 1000.0
FINEST = 0.1
"""Millimetres that a step of the depth is worth, if 65,535 of them reach far enough."""

FILES = ("camera", "gt", "gt_info")
"""Of each scene: ``scene_camera.json`` and so on."""


class Rigid(NamedTuple):
    """A pose without its scale.

    Args:
        rotation: 3×3.
        scale: (3,), along the axes of the object.
        translation: (3,), in m.
    """

    rotation: NDArray[np.float64]
    scale: NDArray[np.float64]
    translation: NDArray[np.float64]


class _Entry(msgspec.Struct):
    """What is noted of a picture: its scene, its number there, and what the files of the scene say about it."""

    scene: int
    image: int
    camera: Any
    gt: Any
    gt_info: Any


class _Stored(_Entry):
    """An entry whose contents are left as JSON."""

    camera: msgspec.Raw
    gt: msgspec.Raw
    gt_info: msgspec.Raw


class BopWriter(JournalWriter):
    """Writes ``train_pbr/SCENE/`` with images, visible masks, cameras and poses, and ``objects.json``."""

    def check(self, sample: Sample) -> None:
        """Looks whether a camera matrix says all about each camera, and whether it is known how much is visible."""
        for capture in sample.views.values():
            lens = capture.projection
            if lens.kind != "perspective" or lens.distortion:
                kind = "that distorts" if lens.distortion else f"of kind {lens.kind!r}"
                raise InvalidOption(
                    f"Sample {sample.index} was seen through a lens {kind}, and BOP has a camera matrix only, as of a "
                    "perspective camera. Export it to hdf5, which takes any."
                )
            if any(seen.visibility is None for seen in capture.objects):
                raise InvalidOption(
                    f"Sample {sample.index} does not say how much of each object is visible, which BOP asks for. "
                    "Record with --visibility."
                )

    def write_picture(self, picture: Picture) -> _Entry:
        """Writes colours, depth and the mask of each object."""
        capture, index, scene = picture.capture, picture.sample.index, scene_of(picture)
        folder = self._scene_folder(scene)
        self.folder.enter_categories({seen.category for seen in picture.objects})
        depth, depth_scale = depth_steps(capture.images["depth"], capture.blender_camera.clip_end)
        for number, seen in enumerate(picture.objects):
            mask = to_png(_mask(capture.images["segmentation"], seen))
            write_whole(folder / "mask_visib" / f"{index:06d}_{number:06d}.png", mask)
        write_whole(folder / "depth" / f"{index:06d}.png", to_png(depth))
        write_whole(folder / "rgb" / f"{index:06d}.png", to_png(capture.images["rgb"]))
        camera = rigid(capture.world_to_camera)
        poses = [_pose(1 + self.folder.category(seen.category), seen, camera) for seen in picture.objects]
        infos = [_info(seen) for seen in picture.objects]
        return _Entry(scene, index, _camera(capture.intrinsics, camera, depth_scale), poses, infos)

    def assemble(self) -> None:
        """Makes the files of all scenes, and ``objects.json``."""
        for scene, places in self._places().items():
            entries = [entry for place in places for entry in _entries(*place) if entry.scene == scene]
            entries.sort(key=lambda entry: entry.image)
            for name in FILES:
                with (
                    atomically_written(self._scene_folder(scene) / f"scene_{name}.json") as part,
                    part.open("wb") as file,
                ):
                    lines = (b'  "%d": %b' % (entry.image, getattr(entry, name)) for entry in entries)
                    file.write(b"{\n" + b",\n".join(lines) + b"\n}\n")
        names = dict(enumerate(self.folder.categories, 1))
        write_whole(self.folder.path / "objects.json", msgspec.json.format(msgspec.json.encode(names)) + b"\n")

    def _places(self) -> dict[int, list[tuple[Path, int]]]:
        """Where in the journals the pictures of each scene are: all of them would take much memory."""
        places: dict[int, list[tuple[Path, int]]] = {}
        for place, line in self.lines():
            for entry in line.pictures:
                places.setdefault(msgspec.json.decode(entry, type=_Stored).scene, []).append(place)
        return places

    def _scene_folder(self, scene: int) -> Path:
        return self.folder.path / SPLIT / f"{scene:06d}"


def _entries(journal: Path, offset: int) -> list[_Stored]:
    return [msgspec.json.decode(entry, type=_Stored) for entry in read_line(journal, offset).pictures]


def scene_of(picture: Picture) -> int:
    """The number of the scene that a picture belongs to."""
    run = picture.run
    block = picture.sample.index // OF_A_SCENE
    return run.place * OF_A_RUN + block * len(run.views) + run.views.index(picture.view)


def depth_steps(depth: NDArray[Any], far: float) -> tuple[NDArray[np.uint16], float]:
    """A depth as whole numbers, and how many mm a step is worth.

    Args:
        depth: In m along the optical axis.
        far: From where on nothing is seen, in m; it becomes 0.
    """
    is_seen = depth < far
    millimetres = np.where(is_seen, depth, 0.0) * MM
    steps = float(millimetres.max()) / np.iinfo(np.uint16).max / FINEST
    scale = FINEST * 10.0 ** max(0, math.ceil(math.log10(steps))) if steps > 1 else FINEST
    # What is nearer than half a step is seen nevertheless.
    return np.where(is_seen, np.maximum(np.round(millimetres / scale), 1), 0).astype(np.uint16), scale


def rigid(pose: NDArray[Any]) -> Rigid:
    """A 4×4 pose in parts; a mirrored or sheared one becomes the nearest that is neither."""
    left, _, right = np.linalg.svd(np.asarray(pose, float)[:3, :3])
    left[:, 2] *= np.linalg.det(left @ right)
    rotation = left @ right
    return Rigid(rotation, np.diag(rotation.T @ pose[:3, :3]), np.asarray(pose, float)[:3, 3])


def _mask(ids: NDArray[np.int32], seen: SeenObject) -> NDArray[np.uint8]:
    """Where an object is seen: uint8 (height, width), 255 there and 0 elsewhere."""
    left, top, right, bottom = map(int, seen.box or (0, 0, 0, 0))
    within = slice(top, bottom), slice(left, right)
    mask = np.zeros(ids.shape, np.uint8)
    mask[within] = (ids[within] == seen.id) * np.uint8(255)
    return mask


def _camera(intrinsics: NDArray[Any], camera: Rigid, depth_scale: float) -> dict[str, Any]:
    return {
        "cam_K": intrinsics.ravel().tolist(),
        "depth_scale": depth_scale,
        "cam_R_w2c": camera.rotation.ravel().tolist(),
        "cam_t_w2c": (camera.translation * MM).tolist(),
    }


def _pose(number: int, seen: SeenObject, camera: Rigid) -> dict[str, Any]:
    """Where an object is; its scale, and its box along its own axes, are told beyond what BOP asks for."""
    own = rigid(seen.pose)
    corners = (seen.corners - own.translation) @ own.rotation
    return {
        "cam_R_m2c": (camera.rotation @ own.rotation).ravel().tolist(),
        "cam_t_m2c": ((camera.rotation @ own.translation + camera.translation) * MM).tolist(),
        "obj_id": number,
        "scale": own.scale.tolist(),
        "box_min": (corners.min(axis=0) * MM).tolist(),
        "box_max": (corners.max(axis=0) * MM).tolist(),
    }


def _info(seen: SeenObject) -> dict[str, Any]:
    """What the toolkit's ``calc_gt_info.py`` computes, but that pixels outside of the image are not counted."""
    visibility = seen.visibility or 1.0
    alone = round(seen.pixels / visibility)
    return {
        "bbox_obj": _first_and_span(seen.amodal_box),
        "bbox_visib": _first_and_span(seen.box or seen.amodal_box),
        "px_count_all": alone,
        "px_count_valid": alone,
        "px_count_visib": seen.pixels,
        "visib_fract": visibility,
    }


def _first_and_span(box: Box) -> list[int]:
    """A box as the toolkit has it: the first pixel, and how far the last one is from it."""
    left, top, right, bottom = box
    x, y = math.ceil(left - 0.5), math.ceil(top - 0.5)
    return [x, y, max(0, math.ceil(right - 0.5) - 1 - x), max(0, math.ceil(bottom - 0.5) - 1 - y)]
