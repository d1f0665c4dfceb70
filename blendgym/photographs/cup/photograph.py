"""The photograph of an espresso that scikit-image ships, with the outline of its cup; and what stands in for it."""

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

LABELS = Path(__file__).with_name("outline.json")

STAND_IN = (256, 384)
"""Height and width of what stands in, in pixels."""

Side = Annotated[int, msgspec.Meta(gt=0)]
Corner = tuple[float, float]
Polygon = Annotated[tuple[Corner, ...], msgspec.Meta(min_length=3)]
Mask = NDArray[np.bool_]


class Ellipse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rim of a cup.

    Args:
        x: Of its middle, in pixels of the photograph at twice its size, as are all lengths.
        y: Likewise.
        a: Half of its extent along its first axis.
        b: Half of its extent along its second axis.
        degrees: Of the first axis, from x towards y.
    """

    x: float
    y: float
    a: float
    b: float
    degrees: float


class Outline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the cup is in a photograph: within its rim, its body or its handle.

    Args:
        photograph: Its file, from the folder of packages.
        width: Of the photograph, in pixels.
        height: Likewise.
        format: What the numbers are.
        how: How they were made.
        rim: An ellipse.
        body: Corners of a polygon, x and y.
        handle: Likewise.
    """

    photograph: str
    width: Side
    height: Side
    format: str
    how: str
    rim: Ellipse
    body: Polygon
    handle: Polygon


def photograph_file() -> Path:
    """Where the photograph is.

    Raises:
        InvalidStudy: If scikit-image is not installed.
    """
    return shipped_folder("The photograph of the cup") / "coffee.png"


def read_photograph(file: Path, labels: Path = LABELS) -> Photographs:
    """Reads a photograph and its outline: uint8 (1, height, width, 3), and where the cup is, bool (1, height, width).

    Args:
        file: The photograph.
        labels: JSON of ``Outline``.

    Raises:
        InvalidStudy: If a file is missing or damaged, or the outline does not fit the photograph.
    """
    colours = read_picture(file)
    outline, (height, width) = read_outline(labels), colours.shape[:2]
    if (outline.width, outline.height) != (width, height):
        raise InvalidStudy(
            f"The outline of {labels} is of a photograph of {outline.width} × {outline.height} pixels; {file} has "
            f"{width} × {height}. Outline and photograph belong together; install the release of scikit-image that "
            "it was made for, 0.26."
        )
    return Photographs(colours[None], mask_of(outline)[None])


def read_outline(file: Path) -> Outline:
    """Reads an outline.

    Raises:
        InvalidStudy: If it is missing, is none, or lies beyond its photograph.
    """
    try:
        outline = msgspec.json.decode(file.read_bytes(), type=Outline)
    except (OSError, msgspec.DecodeError) as error:
        raise InvalidStudy(f"{file} has no outline of a cup: {error}") from None
    corners = np.array([*outline.body, *outline.handle])
    if (corners < 0.0).any() or (corners > (2.0 * outline.width, 2.0 * outline.height)).any():
        raise InvalidStudy(
            f"{file} has corners beyond the photograph; expected all within twice its {outline.width} × "
            f"{outline.height} pixels."
        )
    return outline


def mask_of(outline: Outline) -> Mask:
    """Whether the middle of a pixel is in the cup, (height, width)."""
    down, right = 2.0 * np.mgrid[: outline.height, : outline.width] + 0.5
    parts = (_in_polygon(corners, right, down) for corners in (outline.body, outline.handle))
    return np.asarray(np.any([_in_ellipse(outline.rim, right, down), *parts], axis=0))


def drawn() -> Photographs:
    """A disc of coffee in a light ring with a handle, on a saucer: it stands in for the photograph in a rehearsal."""
    height, width = STAND_IN
    rng = keyed_generator("stand-in for the cup")
    down, right = np.mgrid[:height, :width] + 0.5
    away = np.hypot(right - 180.0, 1.2 * (down - 120.0))
    colours = np.full((height, width, 3), (120.0, 90.0, 60.0))
    colours[away < 150.0] = (70.0, 90.0, 150.0)
    is_handle = (np.abs(right - 290.0) < 40.0) & (np.abs(down - 125.0) < 16.0)
    is_cup = (away < 90.0) | is_handle
    colours[is_cup] = (220.0, 215.0, 205.0)
    colours[away < 70.0] = (90.0, 55.0, 25.0)
    grain = colours + rng.normal(0.0, 4.0, colours.shape)
    return Photographs(np.clip(grain, 0.0, 255.0).astype(np.uint8)[None], is_cup[None])


def _in_ellipse(rim: Ellipse, x: NDArray[np.float64], y: NDArray[np.float64]) -> Mask:
    cosine, sine = np.cos(np.radians(rim.degrees)), np.sin(np.radians(rim.degrees))
    along = cosine * (x - rim.x) + sine * (y - rim.y)
    across = cosine * (y - rim.y) - sine * (x - rim.x)
    return np.asarray((along / rim.a) ** 2 + (across / rim.b) ** 2 <= 1.0)


def _in_polygon(corners: tuple[Corner, ...], x: NDArray[np.float64], y: NDArray[np.float64]) -> Mask:
    """Whether a ray from a point crosses the polygon an odd number of times."""
    is_inside = np.zeros(x.shape, bool)
    for (left, top), (right, bottom) in zip(corners, (*corners[1:], corners[0]), strict=True):
        is_between = (top > y) != (bottom > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = left + (y - top) * (right - left) / (bottom - top)
        is_inside ^= is_between & (x < crossing)
    return is_inside
