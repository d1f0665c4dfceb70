"""Photographs that scikit-image ships: where they are, and reading them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from blendgym.errors import InvalidStudy

AGAIN = "Its package puts it there: pip install --force-reinstall scikit-image"
"""What to do about a file that is missing or damaged."""


def shipped_folder(what: str) -> Path:
    """The folder of scikit-image's photographs.

    Args:
        what: Is looked for, for messages.

    Raises:
        InvalidStudy: If scikit-image is not installed.
    """
    package = find_spec("skimage")
    if package is None or package.origin is None:
        raise InvalidStudy(f"{what} is part of scikit-image, which is not installed: pip install 'blendgym[dr]'")
    return Path(package.origin).parent / "data"


def read_picture(file: Path, mode: Literal["RGB", "L"] = "RGB") -> NDArray[np.uint8]:
    """Reads a picture: uint8 (height, width, 3), or (height, width) in grey.

    Args:
        file: The picture.
        mode: Pillow's name for colours or grey.

    Raises:
        InvalidStudy: If it is missing or damaged.
    """
    try:
        with Image.open(file) as image:
            return np.asarray(image.convert(mode))
    except (OSError, SyntaxError) as error:
        raise InvalidStudy(f"{file} is missing, or is no picture that can be read ({error}). {AGAIN}") from None
