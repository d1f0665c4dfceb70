"""Pictures on tables and boxes (runs inside Blender): grain of wood, weave, stains, and gloss on all of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.noise import PIXELS, clouds

Picture = NDArray[np.float64]


def picture(rng: np.random.Generator) -> Picture:
    """A picture at random, two colours mixed by a pattern: shares of white, sRGB, (PIXELS, PIXELS, 3)."""
    pattern = _planks(rng) if rng.random() < 0.5 else clouds(rng.uniform(0.6, 1.8), rng.uniform(1.0, 2.0), rng)
    share = 1.0 / (1.0 + np.exp(-rng.uniform(0.5, 3.0) * pattern))[..., None]
    first = rng.uniform(0.1, 0.95) * (1.0 - rng.uniform(0.0, 0.8) * rng.permutation([0.0, 0.5, 1.0]))
    second = np.clip(first * rng.uniform(0.3, 1.4) + rng.uniform(-0.08, 0.08, 3), 0.0, 1.0)
    made = share * first + (1.0 - share) * second
    gloss = np.clip(clouds(1.8, 1.0, rng) - rng.uniform(0.5, 2.5), 0.0, 1.0)[..., None]
    return np.asarray(np.clip(made + rng.uniform(0.0, 0.5) * gloss, 0.0, 1.0))


def _planks(rng: np.random.Generator) -> Picture:
    """Grain along one side, in planks or in one piece."""
    grain = clouds(rng.uniform(0.4, 1.2), rng.uniform(8.0, 30.0), rng) + 0.5 * clouds(1.5, 3.0, rng)
    planks = int(rng.choice([1, 1, 2, 4, 8]))
    rows = np.arange(PIXELS) * planks // PIXELS
    shades = rng.normal(0.0, 0.8, planks)[rows] if planks > 1 else np.zeros(PIXELS)
    joints = np.where(np.arange(PIXELS) % (PIXELS // planks) < 2, -3.0, 0.0) if planks > 1 else np.zeros(PIXELS)
    return np.asarray(grain + (shades + joints)[:, None])
