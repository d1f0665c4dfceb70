"""Photographs of coins, with boxes made by hand: scikit-image's and OpenCV's; and what stands in for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidStudy
from blendgym.parameters.draws import keyed_generator
from blendgym.photographs.shipped import read_picture, shipped_folder
from blendgym.photographs.study import Photographs

GREEK, BRONZE = "greek", "bronze"
"""Names of the photographs: Greek coins on dark ground, and bronze ones of one kind on white."""

LABELS = tuple(Path(__file__).with_name(f"{name}.json") for name in (GREEK, BRONZE))
BRONZE_FILE = Path(__file__).with_name("bronze.jpg")

STAND_IN = (192, 208)
"""Width and height of what stands in, in pixels."""

GROUNDS = (40.0, 225.0)
"""How bright the grounds of what stands in are, from 0 to 255."""

Side = Annotated[int, msgspec.Meta(gt=0)]


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Boxes around the coins of a photograph.

    Args:
        photograph: Its file, from the folder of packages.
        source: Where it is from, and its licence.
        width: Of the photograph, in pixels.
        height: Likewise.
        format: What the numbers of a box are.
        how: How they were made.
        boxes: Left, top, right, bottom of each coin.
    """

    photograph: str
    source: str
    width: Side
    height: Side
    format: str
    how: str
    boxes: tuple[tuple[float, float, float, float], ...]


def photograph_file() -> Path:
    """Where the photograph of Greek coins is.

    Raises:
        InvalidStudy: If scikit-image is not installed.
    """
    return shipped_folder("The photograph of coins") / "coins.png"


def read_photographs() -> Photographs:
    """Both photographs, that of Greek coins first.

    Raises:
        InvalidStudy: If scikit-image is not installed, or a file is damaged.
    """
    greek, bronze = map(read_photograph, (photograph_file(), BRONZE_FILE), LABELS)
    return greek._replace(others=(bronze,))


def read_photograph(file: Path, labels: Path) -> Photographs:
    """Reads a photograph and its labels: grey, uint8 (1, height, width), and boxes, float64 (coins, 4).

    Args:
        file: The photograph.
        labels: JSON of ``Labels``.

    Raises:
        InvalidStudy: If a file is missing or damaged, or the labels do not fit the photograph.
    """
    grey = read_picture(file, "L")
    return Photographs(grey[None], _fitting(read_labels(labels), labels, file, grey))


def read_labels(file: Path) -> Labels:
    """Reads labels.

    Raises:
        InvalidStudy: If they are missing, or are none.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=Labels)
    except (OSError, msgspec.DecodeError) as error:
        raise InvalidStudy(f"{file} has no labels of a photograph: {error}") from None


def drawn() -> Photographs:
    """Discs with some grain on dark and on bright ground, which stand in for the photographs in a rehearsal."""
    dark, bright = map(_drawn_on, GROUNDS)
    return dark._replace(others=(bright,))


def _drawn_on(ground: float) -> Photographs:
    width, height = STAND_IN
    rng = keyed_generator("stand-in for coins")
    down, right = np.mgrid[:height, :width] + 0.5
    grey = ground + 20.0 * right / width + rng.normal(0.0, 4.0, (height, width))
    boxes = []
    for row in range(4):
        for column in range(4):
            x, y = np.array([26.0 + 46.0 * column, 26.0 + 52.0 * row]) + rng.uniform(-4.0, 4.0, 2)
            wide, high = rng.uniform(14.0, 20.0, 2)
            is_inside = ((right - x) / wide) ** 2 + ((down - y) / high) ** 2 < 1.0
            grain = rng.normal(0.0, 12.0, (height, width)) + rng.uniform(130.0, 180.0)
            grey = np.where(is_inside, grain, grey)
            boxes.append((x - wide, y - high, x + wide, y + high))
    return Photographs(np.clip(grey, 0.0, 255.0).astype(np.uint8)[None], np.array(boxes))


def _fitting(labels: Labels, file: Path, photograph: Path, grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    height, width = grey.shape
    if (labels.width, labels.height) != (width, height):
        raise InvalidStudy(
            f"The labels of {file} are of a photograph of {labels.width} × {labels.height} pixels; {photograph} has "
            f"{width} × {height}. Labels and photograph belong together; install the release of scikit-image that "
            "they were made for, 0.26."
        )
    for number, (left, top, right, bottom) in enumerate(labels.boxes):
        if not (0.0 <= left < right <= width and 0.0 <= top < bottom <= height):
            raise InvalidStudy(
                f"Box {number} of {file} is {left:g}, {top:g}, {right:g}, {bottom:g}; expected left < right and "
                f"top < bottom, within {width} × {height} pixels."
            )
    if not labels.boxes:
        raise InvalidStudy(f"{file} has no boxes; expected one for each coin.")
    return np.array(labels.boxes)
