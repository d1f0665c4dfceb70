"""The pictures of a page, as PNGs."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from blendgym.data.pages.descriptions import passes_of
from blendgym.data.sample import Sample
from blendgym.errors import InvalidOption
from blendgym.images.captures import Capture
from blendgym.images.pictures.layout import colour_of
from blendgym.images.pictures.passes import picture_of

MASKS = "masks"
"""The picture of all masks, to be laid over another: it is transparent where nothing is."""

THUMBNAIL = 320, 240
"""Largest size of a thumbnail, in pixels."""


def drawing_of(sample: Sample, view: int, name: str) -> bytes:
    """A picture of a sample.

    Args:
        sample: Whose.
        view: Its place among the views of the sample.
        name: A pass, or ``MASKS``.

    Raises:
        InvalidOption: If there is no such view or picture.
    """
    captures = list(sample.views.values())
    if not view < len(captures):
        raise InvalidOption(f"Sample {sample.index} has no view {view}; it has {len(captures)}.")
    capture = captures[view]
    if name == MASKS and "segmentation" in capture.images:
        return _png(masks_of(capture))
    if name not in passes_of(capture):
        raise InvalidOption(f"Sample {sample.index} has no picture {name!r}; it has {', '.join(passes_of(capture))}.")
    return _png(picture_of(name, capture).image)


def thumbnail_of(sample: Sample) -> bytes:
    """A small picture of a sample: colours if there are some.

    Raises:
        InvalidOption: If it has no pictures.
    """
    for capture in sample.views.values():
        for name in passes_of(capture):
            image = picture_of(name, capture).image
            image.thumbnail(THUMBNAIL)
            return _png(image)
    raise InvalidOption(f"Sample {sample.index} has no picture.")


def masks_of(capture: Capture) -> Image.Image:
    """The mask of every object in its colour, RGBA."""
    ids = capture.images["segmentation"]
    found, places = np.unique(ids, return_inverse=True)
    colours = [(*colour_of(number), 255 if number else 0) for number in found.tolist()]
    return Image.fromarray(np.array(colours, np.uint8)[places.reshape(ids.shape)])


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=3)
    return file.getvalue()
