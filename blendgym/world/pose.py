"""Where things are, and how they are turned."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
"""Three numbers: float64 (3,)."""

ZERO = (0.0, 0.0, 0.0)


class Pose(NamedTuple):
    """Where something is, and how it is turned.

    Args:
        position: Of its origin, (3,), in m.
        orientation: Unit quaternion (w, x, y, z), from its own frame to the world's.
    """

    position: Any
    orientation: Any = (1.0, 0.0, 0.0, 0.0)


def about_z(angle: float) -> tuple[float, float, float, float]:
    """The orientation of what is turned about the vertical, counterclockwise from above, by an angle in rad."""
    return math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2)


def about_x_then_z(about_x: float, about_z: float) -> tuple[float, float, float, float]:
    """The orientation of what is turned about the world's x axis, and then about the vertical, by angles in rad."""
    a, b = about_z / 2.0, about_x / 2.0
    return math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a) * math.sin(b), math.sin(a) * math.cos(b)
