"""What boxes there are, and where they wait and are built up; read by the scene and by the task."""

from __future__ import annotations

from typing import NamedTuple

MAX_BOXES = 6
KINDS = {"Even": 0.0, "Loaded": 0.18, "Heavy": 0.3}
"""Templates, and how far off their middle their centre of mass is, as a share of their length."""

SIZE = (0.24, 0.16, 0.09)  # m, of the templates: in the middle, for Blender scales shapes, but not moments of inertia

SMALLEST, LARGEST = (0.18, 0.13, 0.07), (0.30, 0.19, 0.12)  # m
DENSITY = 500.0  # kg/m³

PEDESTAL = (0.12, 0.12)  # m, length and width; its top is at height 0
SHELF = (0.62, -0.12)  # m, where it is along y, and the height of its top
SPACING = 0.36  # m, from one waiting box to the next


class Extents(NamedTuple):
    """Size and balance of a box, in its own frame.

    Args:
        length: Along x, in m.
        width: Along y, in m.
        height: Along z, in m.
        offset: Of the centre of mass from the middle, along +x, in m.
    """

    length: float
    width: float
    height: float
    offset: float


def waiting_place(number: int) -> tuple[float, float]:
    """Where a box waits on the shelf, along x and y, in m."""
    return (number - (MAX_BOXES - 1) / 2) * SPACING, SHELF[0]
