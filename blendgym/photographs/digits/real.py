"""Digits that nobody has rendered: the real ones, and what stands in for them in a rehearsal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from blendgym.parameters.draws import keyed_generator
from blendgym.photographs.digits.bitmaps import bitmaps
from blendgym.photographs.study import Photographs

FOLDS = 3
"""Parts of all real digits, one behind the other: those by one hand are neighbours, and stay together."""

TYPEFACES = tuple(
    f"{family}{face}.ttf"
    for family, faces in (
        ("DejaVuSans", ("", "-Bold", "-Oblique", "-BoldOblique")),
        ("DejaVuSansMono", ("", "-Bold", "-Oblique", "-BoldOblique")),
        ("DejaVuSerif", ("", "-Bold", "-Italic", "-BoldItalic")),
        ("STIXGeneral", ("", "Bol", "Italic", "BolIta")),
        ("cm", ("r10", "b10", "ss10", "tt10")),
    )
    for face in faces
)
"""Files that matplotlib ships."""

TYPE_SIZE = 64
"""In pixels, on squares of twice the size."""

MAGNIFICATION = 18


def written() -> Photographs:
    """The 1,797 digits that scikit-learn ships, as shares of ink, (1797, 8, 8)."""
    from sklearn.datasets import load_digits

    loaded = load_digits()
    return Photographs((loaded.images / 16.0).astype(np.float32), loaded.target.astype(np.int64))


def printed() -> Photographs:
    """Digits in the typefaces that matplotlib ships, (typefaces * 10, 8, 8)."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path(), "fonts", "ttf")
    pictures = [_printed(folder / typeface, digit) for typeface in TYPEFACES for digit in range(10)]
    return Photographs(np.concatenate(pictures), np.arange(len(pictures), dtype=np.int64) % 10)


def folds_of(count: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """What is trained on and what is examined, by turns, as numbers of real digits."""
    numbers = np.arange(count)
    for fold in range(FOLDS):
        is_examined = numbers * FOLDS // count == fold
        yield numbers[~is_examined], numbers[is_examined]


def drawn_from(numbers: NDArray[np.int64], count: int, fold: int, seed: int) -> NDArray[np.int64]:
    """So many of these numbers at random, none twice."""
    return keyed_generator("real digits", fold, seed).permutation(numbers)[:count]


def magnified(images: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Bitmaps as pictures in black on white, (count, 144, 144, 3)."""
    grey = np.rint(255.0 * (1.0 - images)).astype(np.uint8)
    large = grey.repeat(MAGNIFICATION, axis=1).repeat(MAGNIFICATION, axis=2)
    return np.repeat(large[..., None], 3, axis=-1)


def _printed(typeface: Path, digit: int) -> NDArray[np.float32]:
    """The bitmap of a digit in black on white, (1, 8, 8)."""
    side, font = 2 * TYPE_SIZE, ImageFont.truetype(str(typeface), TYPE_SIZE)
    page = Image.new("RGB", (side, side), "white")
    ImageDraw.Draw(page).text((side / 2, side / 2), str(digit), "black", font, anchor="mm")
    return bitmaps(np.asarray(page), [(0, 0, side - 1, side - 1)])
