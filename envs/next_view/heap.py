"""What lies in the bin, and how a camera moves around it; read by the scene and by the task."""

from __future__ import annotations

import math

MAX_OBJECTS = 12
SIZE = 0.15  # m, of a template along its longest axis
SHAPES = ("Cube", "Ball", "Cylinder", "Cone", "Capsule", "Slab")
COLOURS = {
    "Red": (0.60, 0.05, 0.03),
    "Orange": (0.90, 0.34, 0.04),
    "Yellow": (0.80, 0.58, 0.06),
    "Green": (0.10, 0.38, 0.10),
    "Blue": (0.05, 0.20, 0.55),
    "White": (0.75, 0.75, 0.72),
}
"""Linear RGB, by name of the material."""

INSIDE = 1.0  # m, side of the bin
WALL, THICKNESS = 0.36, 0.03  # m, height and thickness of its walls, and of those across its middle

TARGET = (0.0, 0.0, 0.08)  # m, where the camera looks
ELEVATION = (math.radians(12), math.radians(42))
DISTANCE = (1.8, 3.0)  # m, from the target
BUILT = (-math.pi / 2, math.radians(30), 2.4)
"""Azimuth and elevation in rad, and distance in m, of the camera in the scene."""


def camera_place(azimuth: float, elevation: float, distance: float) -> tuple[float, float, float]:
    """Where the camera is, in m, by two angles in rad and the distance from the target in m."""
    across = distance * math.cos(elevation)
    x, y, z = TARGET
    return x + across * math.cos(azimuth), y + across * math.sin(azimuth), z + distance * math.sin(elevation)
