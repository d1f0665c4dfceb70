"""OpenCV's two block matchers, at the settings of its own sample, ``stereo_match.cpp``, as of OpenCV 4.11.

Where they have no answer, there is a hole. It is filled by the farther of the nearest answers to its left and right.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidStudy
from blendgym.photographs.grey import grey

Matcher = Literal["bm", "sgbm"]

STEPS = 16
"""Disparities are told in sixteenths of a pixel, and their number is a multiple of as many."""

BLOCK = {"bm": 9, "sgbm": 3}
"""Width of the blocks that are compared, in pixels."""

Disparities = NDArray[np.float64]


def matched(left: NDArray[np.uint8], right: NDArray[np.uint8], reach: int, matcher: Matcher) -> Disparities:
    """What a block matcher answers; not a number in holes.

    Args:
        left: In colours, (height, width, 3).
        right: Likewise.
        reach: Disparities below this are looked for, in pixels, a multiple of 16.
        matcher: ``"bm"`` compares blocks in grey by themselves, ``"sgbm"`` blocks in colours that agree with their
            neighbours (Hirschmüller 2008).

    Returns:
        Disparities of the left picture, in pixels, (height, width).

    Raises:
        InvalidStudy: If OpenCV is not installed.
    """
    if matcher == "bm":
        left, right = grey(left), grey(right)
    # OpenCV answers nothing within its reach of the left border, so it is given a wider picture.
    wider = ((0, 0), (reach, 0), (0, 0))[: left.ndim]
    padded = (np.pad(each, wider, mode="edge") for each in (left, right))
    answers = _made(matcher, reach).compute(*padded)[:, reach:]
    return np.where(answers >= 0, answers / STEPS, np.nan)


def filled(answers: Disparities) -> Disparities:
    """Answers without holes: each is as far as the farther of the nearest answers to its left and right.

    Rows without any answer are as the nearest row that has some; without any at all, all is infinitely far.
    """
    rows = np.flatnonzero(np.isfinite(answers).any(axis=1))
    if not len(rows):
        return np.zeros_like(answers)
    nearest = rows[np.abs(np.arange(len(answers))[:, None] - rows).argmin(axis=1)]
    before, behind = _carried(answers), _carried(answers[:, ::-1])[:, ::-1]
    return np.asarray(np.fmin(before, behind)[nearest])


def _carried(answers: Disparities) -> Disparities:
    """Answers, and in holes the last one to the left; not a number before the first."""
    columns = np.where(np.isfinite(answers), np.arange(answers.shape[1]), 0)
    return np.take_along_axis(answers, np.maximum.accumulate(columns, axis=1), axis=1)


def opencv() -> ModuleType:
    """OpenCV.

    Raises:
        InvalidStudy: If it is not installed.
    """
    try:
        import cv2
    except ImportError:
        raise InvalidStudy(
            "Block matching is OpenCV's, which is not installed: pip install opencv-python-headless, or all that "
            "studies need with pip install 'blendgym[dr]'"
        ) from None
    return cv2


def _made(matcher: Matcher, reach: int) -> Any:
    cv2, block = opencv(), BLOCK[matcher]
    if matcher == "sgbm":
        return cv2.StereoSGBM.create(
            minDisparity=0,
            numDisparities=reach,
            blockSize=block,
            P1=8 * 3 * block**2,
            P2=32 * 3 * block**2,
            disp12MaxDiff=1,
            preFilterCap=63,
            uniquenessRatio=10,
            speckleWindowSize=100,
            speckleRange=32,
            mode=cv2.StereoSGBM_MODE_SGBM,
        )
    made = cv2.StereoBM.create(numDisparities=reach, blockSize=block)
    made.setPreFilterCap(31)
    made.setTextureThreshold(10)
    made.setUniquenessRatio(15)
    made.setSpeckleWindowSize(100)
    made.setSpeckleRange(32)
    made.setDisp12MaxDiff(1)
    return made
