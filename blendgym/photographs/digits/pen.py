"""What a pen leaves on paper: bevelled strokes as vertices of a mesh (runs on both sides of the wire). Units: m."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.digits.skeletons import MOST_STROKES

Numbers = NDArray[np.float64]

RINGS, SIDES = 22, 6
"""Cross-sections of each stroke, and corners of each of them."""

CAP = np.sin(np.radians([0.0, 30.0, 60.0]))
"""How wide the last three cross-sections at each end are, from its very tip: ends are round."""

BODY = RINGS - 2 * len(CAP)
FLATNESS = 0.25
"""How high ink stands, as a share of half of its width."""

BELOW = -0.5
"""Where strokes lie that a digit does not have: under the paper."""

FINE = 16
"""Steps between two points by which the length of a stroke is measured."""


class Course(NamedTuple):
    """How strokes follow from the points that they run through: a place on them is a weighted sum of these.

    Args:
        points: Each of them once, so that ends that meet stay together, (points, 2).
        straight: Weights for lines from point to point, (strokes, BODY, points).
        bend: What a smooth curve adds to these weights, likewise.
    """

    points: Numbers
    straight: Numbers
    bend: Numbers


def course_of(strokes: Sequence[Numbers]) -> Course:
    """The course of strokes, at places that are equally far from each other while no point has been moved.

    Args:
        strokes: Points that each runs through, (points, 2).
    """
    points, numbers = np.unique(np.vstack(strokes), axis=0, return_inverse=True)
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    weights = [
        _weights(stroke) @ np.eye(len(points))[own]
        for stroke, own in zip(strokes, np.split(numbers.ravel(), ends), strict=True)
    ]
    straight, curved = np.stack(weights, axis=1)
    return Course(points, straight, curved - straight)


def ink(course: Course, points: Numbers, radii: Numbers, roundness: float = 1.0) -> Numbers:
    """The vertices of the strokes of a digit, which lie flat on the ground: (MOST_STROKES * RINGS * SIDES, 3).

    Args:
        course: Of its strokes.
        points: Where the points of the course are, (points, 2).
        radii: Half of the width of each stroke along it, (strokes, BODY).
        roundness: 1 for Catmull-Rom curves, 0 for straight lines from point to point.
    """
    body = (course.straight + roundness * course.bend) @ points
    along = np.gradient(body, axis=1)
    along /= np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
    reach = np.sqrt(1.0 - CAP**2)[:, None]
    first, last = ((radii[:, end, None, None] * reach) * along[:, end, None] for end in (0, -1))
    middle = np.concatenate([body[:, :1] - first, body, (body[:, -1:] + last)[:, ::-1]], axis=1)
    widths = np.concatenate([radii[:, :1] * CAP, radii, (radii[:, -1:] * CAP)[:, ::-1]], axis=1)
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)[:, np.clip(np.arange(RINGS) - len(CAP), 0, BODY - 1)]
    angle = np.arange(SIDES) * 2.0 * np.pi / SIDES
    flat = middle[:, :, None] + (widths[..., None] * np.cos(angle))[..., None] * across[:, :, None]
    height = FLATNESS * widths[..., None] * np.sin(angle)
    solids = np.concatenate([flat, height[..., None]], axis=-1)
    hidden = np.repeat(solids[:1] + np.array([0.0, 0.0, BELOW]), MOST_STROKES - len(solids), axis=0)
    return np.asarray(np.concatenate([solids, hidden]).reshape(-1, 3))


def quads() -> NDArray[np.int64]:
    """The faces of that mesh: the numbers of four vertices each."""
    ring, side = np.mgrid[: RINGS - 1, :SIDES]
    ring, side, other = ring.ravel(), side.ravel(), (side.ravel() + 1) % SIDES
    faces = np.stack([ring * SIDES + side, ring * SIDES + other, (ring + 1) * SIDES + other, (ring + 1) * SIDES + side])
    return np.vstack([faces.T + number * RINGS * SIDES for number in range(MOST_STROKES)])


def _weights(stroke: Numbers) -> Numbers:
    """Of its points along a stroke, for lines and for a Catmull-Rom curve: (2, BODY, points)."""
    last = len(stroke) - 1
    _, curved = _weights_at(np.linspace(0.0, last, last * FINE + 1), len(stroke))
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curved @ stroke, axis=0), axis=1))])
    at = np.interp(np.linspace(0.0, length[-1], BODY), length, np.linspace(0.0, last, len(length)))
    return np.stack(_weights_at(at, len(stroke)))


def _weights_at(at: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Weights of so many points at places between them, for lines and for a Catmull-Rom curve: (places, count)."""
    segment = np.minimum(at.astype(int), count - 2)
    t = (at - segment)[:, None]
    own = np.eye(count)
    extended = np.vstack([2.0 * own[0] - own[1], own, 2.0 * own[-1] - own[-2]])
    before, here, there, behind = (extended[segment + step] for step in range(4))
    straight = here + t * (there - here)
    curved = (
        (2 * t**3 - 3 * t**2 + 1) * here + (t**3 - 2 * t**2 + t) * (there - before) / 2
        + (3 * t**2 - 2 * t**3) * there + (t**3 - t**2) * (behind - here) / 2
    )  # fmt: skip
    return straight, curved
