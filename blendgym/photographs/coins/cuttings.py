"""Pictures made of a photograph itself: its coins are cut out, and pasted on its ground.

D. Dwibedi et al., "Cut, Paste and Learn" (2017). Networks that learn from these are examined on the other half of the
photograph alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from blendgym.parameters.draws import keyed_generator
from blendgym.photographs.coins.renders import VISIBLE, Pictures
from blendgym.photographs.coins.scenario import HEIGHT_OF_RENDER, WIDTH
from blendgym.photographs.study import Photographs

Grey = NDArray[np.float64]

MOST = 11
"""Coins that are pasted into a picture at most."""

SCALES = (0.6, 1.6)
GAP = 1.05
"""Least distance between the middles of coins, as a share of the sum of their radii."""

MARGIN = 4
"""Pixels around a coin that are no ground either."""

SMOOTHING = 12.0
"""Deviation in pixels of the weights by which ground is taken to go on under coins."""


class Half(NamedTuple):
    """A part of a photograph.

    Args:
        grey: Its pixels, (height, width).
        boxes: Of its coins, in its own pixels, (coins, 4).
    """

    grey: Grey
    boxes: NDArray[np.float64]


def halves_of(photograph: Photographs) -> Iterator[tuple[NDArray[np.int64], Half]]:
    """Numbers of the coins that are examined, and the other half, that is learned from: by turns."""
    grey, boxes = photograph.images[0].astype(np.float64), photograph.truths
    middles = boxes[:, [1, 3]].mean(axis=1)
    border = border_of(boxes)
    for is_upper in (True, False):
        own = (middles < border) == is_upper
        rows = slice(border, None) if is_upper else slice(0, border)
        shift = np.array([0.0, border, 0.0, border]) if is_upper else 0.0
        yield np.flatnonzero(own), Half(grey[rows], boxes[~own] - shift)


def border_of(boxes: NDArray[np.float64]) -> int:
    """The row between the upper and the lower half of all coins, which is in the middle of the gap between them."""
    upper_first = boxes[np.argsort(boxes[:, [1, 3]].mean(axis=1))]
    count = len(boxes) // 2
    return round(float(upper_first[:count, 3].max() + upper_first[count:, 1].min()) / 2.0)


def cuttings(half: Half, count: int, fold: int, seed: int) -> Pictures:
    """Pictures that are made of a half of a photograph, of the size of renders.

    Args:
        half: What they are made of.
        count: How many.
        fold: Which half it is.
        seed: Of the run.
    """
    rng = keyed_generator("cuttings", fold, seed)
    ground = _ground(half)
    made = [_pasted(half, ground, rng) for _ in range(count)]
    return Pictures(np.stack([grey for grey, _ in made]), [boxes for _, boxes in made])


def _ground(half: Half) -> Grey:
    """The ground, which is taken to go on smoothly under coins, with its own grain."""
    height, width = half.grey.shape
    down, right = np.mgrid[:height, :width] + 0.5
    is_ground = np.ones((height, width))
    for left, top, end, bottom in half.boxes.tolist():
        x, y, wide, high = (left + end) / 2, (top + bottom) / 2, (end - left) / 2 + MARGIN, (bottom - top) / 2 + MARGIN
        is_ground[((right - x) / wide) ** 2 + ((down - y) / high) ** 2 < 1.0] = 0.0
    weights = ndimage.gaussian_filter(is_ground, SMOOTHING)
    smooth = ndimage.gaussian_filter(half.grey * is_ground, SMOOTHING) / np.maximum(weights, 1e-6)
    grain = (half.grey - smooth)[is_ground == 1.0]
    return np.where(is_ground == 1.0, half.grey, smooth + np.resize(grain, (height, width)))


def _pasted(half: Half, ground: Grey, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    picture = _part(ground, rng)
    typical = math.exp(rng.uniform(*np.log(SCALES)))
    boxes, taken = [], list[tuple[float, float, float]]()
    for box in half.boxes[rng.integers(len(half.boxes), size=rng.integers(MOST + 1))].tolist():
        coin, share = _cut(half.grey, box, typical * math.exp(rng.normal(0.0, 0.1)), rng.uniform(0.0, 360.0))
        x, y = rng.uniform(-0.1, 1.1, 2) * (WIDTH, HEIGHT_OF_RENDER)
        radius = typical * max(box[2] - box[0], box[3] - box[1]) / 2.0
        if any(math.hypot(x - a, y - b) < GAP * (radius + other) for a, b, other in taken):
            continue
        taken.append((x, y, radius))
        if seen := _paste(picture, coin * rng.uniform(0.8, 1.2), share, round(x), round(y)):
            boxes.append(seen)
    return _developed(picture, rng), np.array(boxes, np.float32).reshape(-1, 4)


def _part(ground: Grey, rng: np.random.Generator) -> Grey:
    """Some of the ground, of the size of renders, which may be flipped."""
    height, width = ground.shape
    top, left = rng.integers(height - HEIGHT_OF_RENDER + 1), rng.integers(width - WIDTH + 1)
    part = ground[top : top + HEIGHT_OF_RENDER, left : left + WIDTH]
    return part[:: rng.choice((-1, 1)), :: rng.choice((-1, 1))].copy()


def _developed(picture: Grey, rng: np.random.Generator) -> NDArray[np.uint8]:
    """With another gamma, and some noise."""
    grey = 255.0 * np.clip(picture / 255.0, 0.0, 1.0) ** math.exp(rng.normal(0.0, 0.25))
    noise = rng.normal(0.0, rng.uniform(0.0, 8.0), grey.shape)
    return np.clip(grey + noise, 0.0, 255.0).astype(np.uint8)


def _cut(grey: Grey, box: list[float], scale: float, turn: float) -> tuple[Grey, Grey]:
    """A coin that is scaled and turned by so many degrees, and how much each pixel is of it."""
    left, top, right, bottom = box
    rows, columns = slice(math.floor(top), math.ceil(bottom)), slice(math.floor(left), math.ceil(right))
    down, across = np.mgrid[rows, columns] + 0.5
    x, y, wide, high = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    is_coin = ((across - x) / wide) ** 2 + ((down - y) / high) ** 2 < 1.0
    both = []
    for layer in (grey[rows, columns], 255.0 * is_coin):
        image = Image.fromarray(layer.astype(np.uint8))
        image = image.resize((round(scale * image.width), round(scale * image.height)), Image.Resampling.BILINEAR)
        both.append(np.asarray(image.rotate(turn, Image.Resampling.BILINEAR, expand=True), np.float64))
    return both[0], both[1] / 255.0


def _paste(picture: Grey, coin: Grey, share: Grey, x: int, y: int) -> tuple[float, float, float, float] | None:
    """Pastes a coin around a place, and gives back the box of what is seen of it, if that is enough to be found."""
    height, width = coin.shape
    left, top = x - width // 2, y - height // 2
    rows = slice(max(top, 0), min(top + height, HEIGHT_OF_RENDER))
    columns = slice(max(left, 0), min(left + width, WIDTH))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return None
    own = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
    picture[rows, columns] += share[own] * (coin[own] - picture[rows, columns])
    is_seen = share[own] > 0.5
    if is_seen.sum() < VISIBLE * (share > 0.5).sum():
        return None
    down, across = np.flatnonzero(is_seen.any(axis=1)), np.flatnonzero(is_seen.any(axis=0))
    return (
        columns.start + float(across[0]), rows.start + float(down[0]),
        columns.start + float(across[-1]) + 1.0, rows.start + float(down[-1]) + 1.0,
    )  # fmt: skip
