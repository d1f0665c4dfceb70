"""A sheet of pictures of the same environment with other parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from blendgym.images.pictures.layout import FAINT, GAP, INK, PAPER, RULE, letters
from blendgym.parameters import ParameterSpace
from blendgym.parameters.draws import keyed_generator

WIDEST = 1280
"""Of the sheet, in pixels."""

HEAD = 64


def draws(space: ParameterSpace, seed: int, count: int) -> list[dict[str, float]]:
    """Values of all parameters of a space, drawn from their priors."""
    unit = space.correlated(keyed_generator("variety", seed).random((count, len(space))))
    return [space.named(row) for row in space.from_unit(unit)]


def variety_sheet(title: str, subtitle: str, images: Sequence[NDArray[np.uint8]]) -> Image.Image:
    """Images of one size, side by side in rows of at most four, under a title."""
    columns = min(4, len(images))
    width = min(images[0].shape[1], (WIDEST - GAP) // columns - GAP)
    height = round(images[0].shape[0] * width / images[0].shape[1])
    rows = math.ceil(len(images) / columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, HEAD + rows * (height + GAP)), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((2 * GAP, 10), title, INK, letters(20, WIDEST // 2))
    draw.text((2 * GAP, 38), subtitle, FAINT, letters(13, WIDEST // 2))
    for place, image in enumerate(images):
        left, top = GAP + place % columns * (width + GAP), HEAD + place // columns * (height + GAP)
        sheet.paste(Image.fromarray(image).resize((width, height), Image.Resampling.LANCZOS), (left, top))
        draw.rectangle((left - 1, top - 1, left + width, top + height), outline=RULE)
    return sheet
