"""Whether a picture shows anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image


def coloured_share(file: Path) -> float:
    """The share of a PNG's pixels that have a colour: of a chart without data, whose axes and text are grey, none."""
    with Image.open(file) as image:
        assert image.format == "PNG"
        pixels = np.asarray(image.convert("RGB"), np.int16)
    return float((np.ptp(pixels, axis=-1) > 40).mean())
