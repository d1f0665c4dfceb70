"""Captures as people are shown them: in notebooks, by exporters, and by `blendgym render`.

``annotated(capture)`` is a picture with boxes, ids and keypoints, ``picture_of("depth", capture)`` one of a pass with
its legend, and ``contact_sheet`` puts several on a page.
"""

from __future__ import annotations

from PIL import Image

from blendgym.errors import InvalidOption
from blendgym.images.captures import Capture
from blendgym.images.pictures.boxes import boxes_picture
from blendgym.images.pictures.layout import Picture, contact_sheet
from blendgym.images.pictures.passes import picture_of

__all__ = ["Picture", "annotated", "boxes_picture", "contact_sheet", "picture_of"]


def annotated(capture: Capture) -> Image.Image:
    """The colours of a capture with what is known about it: boxes and ids of the objects in sight, and keypoints.

    Args:
        capture: With the pass ``rgb``; small images are enlarged.

    Raises:
        InvalidOption: If it has no colours.
    """
    if "rgb" not in capture.images:
        raise InvalidOption("The capture has no pass 'rgb' to draw on; ask for it: capture(passes=('rgb', …)).")
    return boxes_picture(capture).image
