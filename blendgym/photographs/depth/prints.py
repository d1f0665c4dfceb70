"""Pictures that things of the room are printed with (runs inside Blender): clouds of many scales under paper shapes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.noise import PIXELS, clouds

Picture = NDArray[np.float64]
"""Shares of white, sRGB, (PIXELS, PIXELS, 3)."""


def picture(rng: np.random.Generator) -> Picture:
    """A picture at random: from fine grain to a few large patches, with none to sixty shapes on it."""
    slope, contrast = rng.uniform(0.5, 1.7), rng.uniform(0.05, 0.35)
    common = clouds(slope, 1.0, rng)
    colours = np.stack([0.7 * common + 0.3 * clouds(slope, 1.0, rng) for _ in range(3)], axis=-1)
    made = rng.uniform(0.1, 0.8) + rng.uniform(-0.1, 0.1, 3) + contrast * colours
    for _ in range(round(60 * rng.random() ** 2)):
        is_inside = _shape(rng)
        made[is_inside] = 0.25 * made[is_inside] + 0.75 * rng.random() * rng.uniform(0.6, 1.0, 3)
    return np.clip(made, 0.0, 1.0)


def _shape(rng: np.random.Generator) -> NDArray[np.bool_]:
    """Where a disc or a rectangle lies, turned anyhow, from thin to broad, (PIXELS, PIXELS)."""
    x, y = ((np.arange(PIXELS) - middle) % PIXELS - PIXELS / 2.0 for middle in rng.uniform(0.0, PIXELS, 2))
    turn, size = rng.uniform(0.0, np.pi), PIXELS * 10.0 ** rng.uniform(-2.0, -0.7, 2)
    along = (np.cos(turn) * x + np.sin(turn) * y[:, None]) / size[0]
    across = (np.cos(turn) * y[:, None] - np.sin(turn) * x) / size[1]
    is_disc = rng.random() < 0.4
    away = np.hypot(along, across) if is_disc else np.maximum(np.abs(along), np.abs(across))
    return np.asarray(away < 1.0)
