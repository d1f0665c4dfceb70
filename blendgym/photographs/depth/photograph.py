"""The pair of photographs that scikit-image ships, with its true disparities; and what stands in for it.

D. Scharstein et al., "High-Resolution Stereo Datasets with Subpixel-Accurate Ground Truth" (2014): the motorcycle of
Middlebury's data of 2014, a quarter as wide and high.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidStudy
from blendgym.parameters.draws import keyed_generator
from blendgym.photographs.shipped import AGAIN, read_picture, shipped_folder
from blendgym.photographs.study import Photographs

LEFT, RIGHT, TRUTH = "motorcycle_left.png", "motorcycle_right.png", "motorcycle_disp.npz"

STAND_IN = (192, 256)
"""Height and width of what stands in, in pixels."""


def photograph_folder() -> Path:
    """Where the pair is.

    Raises:
        InvalidStudy: If scikit-image is not installed.
    """
    return shipped_folder("The pair of photographs")


def read_pair(folder: Path) -> Photographs:
    """Reads the pair.

    Args:
        folder: Of the three files.

    Returns:
        Left and right picture, uint8 (2, height, width, 3), and the disparities of the left one in pixels, not a number
        where unknown, float32 (height, width).

    Raises:
        InvalidStudy: If a file is missing or damaged, or they do not fit each other.
    """
    left, right = read_picture(folder / LEFT), read_picture(folder / RIGHT)
    truth = _read_truth(folder / TRUTH)
    if not left.shape[:2] == right.shape[:2] == truth.shape:
        sizes = ", ".join(f"{array.shape[1]} × {array.shape[0]}" for array in (left, right, truth))
        raise InvalidStudy(
            f"{LEFT}, {RIGHT} and {TRUTH} in {folder} have {sizes} pixels; expected the same for all of them. {AGAIN}"
        )
    return Photographs(np.stack([left, right]), np.where(np.isfinite(truth), truth, np.float32(np.nan)))


def drawn() -> Photographs:
    """Speckled squares before a speckled wall, which stand in for the pair in a rehearsal."""
    height, width = STAND_IN
    rng = keyed_generator("stand-in for depth")
    left, right = np.empty((2, height, width, 3))
    truth = np.full(STAND_IN, 12.0, np.float32)
    left[:] = right[:] = _speckles(height, width, rng)
    right[:, :-12] = left[:, 12:]
    for near in (20, 32, 44, 56):
        top, start, size = (int(number) for number in rng.integers((20, 60, 50), (80, 120, 90)))
        square = _speckles(size, size, rng)
        left[top : top + size, start : start + size] = square
        right[top : top + size, start - near : start - near + size] = square
        truth[top : top + size, start : start + size] = near
    return Photographs(np.stack([left, right]).astype(np.uint8), truth)


def _speckles(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Speckles of 4 × 4 pixels, (height, width, 3)."""
    coarse = rng.uniform(0.0, 255.0, (-(-height // 4), -(-width // 4), 3))
    return np.repeat(np.repeat(coarse, 4, axis=0), 4, axis=1)[:height, :width]


def _read_truth(file: Path) -> NDArray[np.float32]:
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            truth = np.asarray(arrays["arr_0"], np.float32)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise InvalidStudy(f"{file} is missing, or has no disparities that can be read ({error}). {AGAIN}") from None
    if truth.ndim != 2 or not np.isfinite(truth).any():
        raise InvalidStudy(f"{file} has an array of the shape {truth.shape}; expected disparities, (height, width).")
    return truth
