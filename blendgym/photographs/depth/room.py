"""What stands in the room, by name (runs on both sides of the wire). Units: m."""

from __future__ import annotations

CAMERAS = ("Left", "Right")
"""Of the rig."""

THINGS = ("Box", "Ball", "Can", "Cone", "Pill", "Rock", "Board")
"""Names of what is about as wide as it is high, of a size of 1."""

THIN = ("Rod", "Rack", "Wheel")
"""Names of what one looks through, of a size of 1."""

WALL = "Wall"
"""Name of what floor and walls are copies of."""

PRINTS = tuple(f"Print {number}" for number in range(32))
"""Names of the materials with a picture."""

PAINTS = tuple(f"Paint {number}" for number in range(16))
"""Names of the materials of one colour."""

FAR = 100.0
"""What is farther is not seen by the cameras."""

REACH = 40
"""Disparities below this are looked for, in pixels of a render."""
