"""The 5,000 handwritten digits among OpenCV's samples: where they are, and reading them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from blendgym.errors import InvalidStudy
from blendgym.photographs.digits.bitmaps import bitmaps
from blendgym.photographs.study import Photographs

VARIABLE = "OPENCV_SAMPLES_DATA_PATH"
"""Where OpenCV itself looks for its samples."""

OF_DEBIAN = Path("/usr/share/doc/opencv-doc/examples/data")

KINDS, ROWS, COLUMNS, SIDE = 10, 5, 100, 20
"""The picture has so many rows for each kind of digit, and squares of so many pixels in each row."""


def find_collection() -> Path:
    """The file with the digits, which is not opened.

    Raises:
        InvalidStudy: If there is none.
    """
    folder = Path(os.environ.get(VARIABLE) or OF_DEBIAN)
    file = folder / "digits.png"
    if not file.is_file():
        raise InvalidStudy(
            f"There is no {file}, with the digits of OpenCV's samples. On Debian or Ubuntu, install them: "
            "apt-get install opencv-doc. Elsewhere they are in the folder samples/data of OpenCV's sources; "
            f"{VARIABLE} says where that is."
        )
    return file


def collection() -> Photographs:
    """The digits as grey levels, bright ones on black, uint8 (5000, 20, 20): a zero to a nine, and so on.

    In the file, all digits of a kind lie together. By turns, neighbours are of all kinds, and near to each other there.

    Raises:
        InvalidStudy: If the file is missing, or is another picture.
    """
    file = find_collection()
    try:
        with Image.open(file) as image:
            picture = np.asarray(image.convert("L"))
    except (OSError, SyntaxError) as error:
        raise InvalidStudy(
            f"{file} is no picture that can be read ({error}). Install OpenCV's samples again."
        ) from None
    if picture.shape != (KINDS * ROWS * SIDE, COLUMNS * SIDE):
        raise InvalidStudy(f"{file} has {picture.shape} pixels; expected OpenCV's, 1000 × 2000.")
    squares = picture.reshape(KINDS, ROWS, SIDE, COLUMNS, SIDE).transpose(1, 3, 0, 2, 4).reshape(-1, SIDE, SIDE)
    return Photographs(np.ascontiguousarray(squares), np.arange(len(squares), dtype=np.int64) % KINDS)


def as_bitmaps(squares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The bitmaps of these digits by the recipe of renders, (digits, 8, 8)."""
    edge = SIDE - 1
    return np.concatenate(
        [bitmaps(np.repeat(255 - square[..., None], 3, axis=-1), [(0, 0, edge, edge)]) for square in squares]
    )
