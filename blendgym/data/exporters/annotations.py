"""Annotations of objects as COCO has them, for the formats that have taken them over."""

from __future__ import annotations

import re

import msgspec
import numpy as np

from blendgym.data.exporters.folder import ExportFolder
from blendgym.data.exporters.pictures import Picture
from blendgym.data.exporters.rle import masks_of_ids
from blendgym.geometry import Box
from blendgym.images.captures import Keypoint

VISIBLE, HIDDEN, OUTSIDE = 2, 1, 0
"""What COCO calls the visibility of a keypoint."""

XYWH = tuple[float, float, float, float]
"""Left, top, width and height, in pixels from the upper left corner of the image."""


class Rle(msgspec.Struct):
    """A mask: COCO's compressed counts, and height and width of the image."""

    counts: str
    size: tuple[int, int]


class ImageEntry(msgspec.Struct):
    """An image; ``index``, ``seed``, ``version`` and ``view`` say of which sample, beyond what COCO asks for."""

    id: int
    file_name: str
    width: int
    height: int
    run: str
    index: int
    seed: int
    version: int
    view: str


class Annotation(msgspec.Struct, omit_defaults=True):
    """An object in an image; from ``object`` on it is told more than COCO asks for.

    Args:
        id: Its number, from 1: evaluation takes 0 for none.
        image_id: Of its image.
        category_id: Of its category, from 1.
        bbox: Tight around its pixels.
        area: How many those are.
        segmentation: Its mask.
        iscrowd: Always 0: one object.
        object: Its name in Blender.
        amodal_bbox: Tight around all of it, hidden or not; may reach beyond the image.
        visibility: Share of it that is not hidden, if it was asked for.
        truncation: Share of the amodal box that lies outside of the image.
        keypoints: (x, y, visibility) by name.
    """

    id: int
    image_id: int
    category_id: int
    bbox: XYWH
    area: int
    segmentation: Rle
    iscrowd: int
    object: str
    amodal_bbox: XYWH
    truncation: float
    visibility: float | None = None
    keypoints: dict[str, tuple[float, float, int]] = {}


def image_entry(picture: Picture, file_name: str) -> ImageEntry:
    """What is said about an image."""
    sample = picture.sample
    width, height = picture.size
    return ImageEntry(
        picture.id, file_name, width, height, picture.run.name, sample.index, sample.seed, sample.version, picture.view
    )


def annotations_of(picture: Picture, folder: ExportFolder, first: int) -> list[Annotation]:
    """What is said about the objects in an image.

    Args:
        picture: With a segmentation.
        folder: That knows the numbers of categories.
        first: The number of the first annotation.
    """
    folder.enter_categories({seen.category for seen in picture.objects})
    width, height = picture.size
    masks = masks_of_ids(picture.capture.images["segmentation"])
    keypoints = _keypoints(picture.capture.keypoints, picture.size)
    return [
        Annotation(
            id=number,
            image_id=picture.id,
            category_id=1 + folder.category(seen.category),
            bbox=xywh(seen.box or seen.amodal_box),
            area=seen.pixels,
            segmentation=Rle(masks[seen.id], (height, width)),
            iscrowd=0,
            object=seen.name,
            amodal_bbox=xywh(seen.amodal_box),
            truncation=seen.truncation,
            visibility=seen.visibility,
            keypoints=keypoints.get(seen.name, {}),
        )
        for number, seen in enumerate(picture.objects, first)
    ]


def xywh(box: Box) -> XYWH:
    """A box as COCO has it."""
    left, top, right, bottom = box
    return left, top, right - left, bottom - top


def keypoint_name(keypoint: Keypoint) -> str:
    """What a keypoint is called among those of its object: the same for all objects of a category.

    Blender numbers copies: ``Cup.001`` has a ``Handle.001``, which is its ``Handle``.
    """
    number = re.search(r"\.\d+$", keypoint.object)
    name = keypoint.name.removeprefix(f"{keypoint.object}.")
    return name.removesuffix(number[0]) if number else name


def _keypoints(
    keypoints: tuple[Keypoint, ...], size: tuple[int, int]
) -> dict[str, dict[str, tuple[float, float, int]]]:
    """The keypoints of each object by its name, as in ``blendgym.images.views.KEYPOINTS``."""
    of_objects: dict[str, dict[str, tuple[float, float, int]]] = {}
    for keypoint in keypoints:
        of_objects.setdefault(keypoint.object, {})[keypoint_name(keypoint)] = _seen_at(keypoint, size)
    return of_objects


def _seen_at(keypoint: Keypoint, size: tuple[int, int]) -> tuple[float, float, int]:
    pixel = np.asarray(keypoint.pixel, float)
    if not ((pixel >= -0.5) & (pixel < np.array(size) - 0.5)).all():
        return 0.0, 0.0, OUTSIDE
    x, y = pixel.tolist()
    return x, y, VISIBLE if keypoint.is_visible else HIDDEN
