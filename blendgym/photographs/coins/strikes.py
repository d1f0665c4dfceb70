"""Shapes of struck coins, as vertices and faces of a mesh (runs inside Blender). Units: the radius of a coin.

A coin is a disc that is not quite round, with a relief on its upper side: raised strokes and blobs as of a head, an
animal or a legend, often a rim, and wear.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

RINGS, AROUND = 16, 48
"""Rings of vertices on the upper side, and vertices in each of them."""

THICKNESS = 0.16
RELIEF = 0.1
"""How high a relief stands at most."""

EDGE = 0.93
"""From which share of the radius a side falls off to the edge."""


class Strike(NamedTuple):
    """One way in which coins are struck.

    Args:
        vertices: (vertices, 3).
        faces: Corners of each face, counterclockwise from outside.
    """

    vertices: Numbers
    faces: list[tuple[int, ...]]


def strike(rng: np.random.Generator) -> Strike:
    """Strikes a coin at random."""
    angles = np.linspace(0.0, 2.0 * np.pi, AROUND, endpoint=False)
    radii = np.linspace(0.0, 1.0, RINGS + 1)[1:]
    edge = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * outline(angles, rng)[:, None]
    plan = radii[:, None, None] * edge
    fall = np.clip((radii - EDGE) / (1.0 - EDGE), 0.0, 1.0) ** 2
    height = (1.0 - fall)[:, None] * (THICKNESS / 2.0 + RELIEF * Relief(rng).heights(plan, radii))
    upper = np.concatenate([plan, height[..., None]], axis=-1).reshape(-1, 3)
    lower = np.c_[edge, np.full(AROUND, -THICKNESS / 2.0)]
    return Strike(np.vstack([[(0.0, 0.0, height[0].mean())], upper, lower]), FACES)


def outline(angles: Numbers, rng: np.random.Generator) -> Numbers:
    """The radius of a coin in each direction, about 1: a few waves, and sometimes a chip at the edge."""
    waves = np.arange(2, 8)
    heights = rng.normal(0.0, 0.022 / waves**0.5)
    shape = 1.0 + heights @ np.cos(waves[:, None] * angles + rng.uniform(0.0, 2.0 * np.pi, (len(waves), 1)))
    if rng.random() < 0.25:
        away = (angles - rng.uniform(0.0, 2.0 * np.pi) + np.pi) % (2.0 * np.pi) - np.pi
        shape -= rng.uniform(0.03, 0.1) * np.exp(-((away / rng.uniform(0.08, 0.3)) ** 2))
    return np.asarray(shape / shape.max())


class Relief:
    """What stands out of one side of a coin: soft strokes that wander, a rim, and wear.

    Args:
        rng: What it depends on.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        ways = [_wandering(rng) for _ in range(rng.integers(2, 7))]
        self._points = np.concatenate(ways)
        self._widths = np.concatenate([np.full(len(way), rng.uniform(0.03, 0.14)) for way in ways])
        self._heights = np.concatenate([np.full(len(way), rng.uniform(0.4, 1.0)) for way in ways])
        self._rim = (rng.uniform(0.3, 0.9) * (rng.random() < 0.6), rng.uniform(0.84, 0.93))
        self._wear = rng.normal(0.0, rng.uniform(0.02, 0.2), (RINGS, AROUND))

    def heights(self, plan: Numbers, radii: Numbers) -> Numbers:
        """How far it stands out, from about 0 to 1, (RINGS, AROUND).

        Args:
            plan: Places on the side, (RINGS, AROUND, 2).
            radii: Of the rings.
        """
        squares = ((plan[..., None, :] - self._points) ** 2).sum(axis=-1)
        strokes = (self._heights * np.exp(-squares / (2.0 * self._widths**2))).max(axis=-1)
        height, place = self._rim
        rim = height * np.exp(-(((radii - place) / 0.04) ** 2))
        return np.asarray(strokes + rim[:, None] + self._wear)


def _wandering(rng: np.random.Generator) -> Numbers:
    """Points of a stroke that wanders about and stays within the rim, (points, 2)."""
    count = rng.integers(3, 26)
    turns = rng.uniform(0.0, 2.0 * np.pi) + np.cumsum(rng.normal(0.0, 0.5, count))
    way = rng.normal(0.0, 0.3, 2) + np.cumsum(0.07 * np.stack([np.cos(turns), np.sin(turns)], axis=-1), axis=0)
    return np.asarray(way / np.maximum(np.linalg.norm(way, axis=-1, keepdims=True) / 0.78, 1.0))


def _faces() -> list[tuple[int, ...]]:
    """The upper side, from its middle to its edge, the edge, and the flat lower side."""
    faces: list[tuple[int, ...]] = []
    for corner in range(AROUND):
        other = (corner + 1) % AROUND
        faces.append((0, 1 + corner, 1 + other))
        for ring in range(RINGS):
            inner, outer = 1 + ring * AROUND, 1 + (ring + 1) * AROUND
            faces.append((inner + corner, outer + corner, outer + other, inner + other))
    lowest = 1 + RINGS * AROUND
    return [*faces, tuple(reversed(range(lowest, lowest + AROUND)))]


FACES = _faces()
"""Of every coin."""
