"""Where digits stand on a page (runs on both sides of the wire). Units: m."""

from __future__ import annotations

ROWS = COLUMNS = 3
PITCH = 2.4
PLACES = tuple(
    ((column - (COLUMNS - 1) / 2) * PITCH, ((ROWS - 1) / 2 - row) * PITCH)
    for row in range(ROWS)
    for column in range(COLUMNS)
)
"""The middles of digits, row by row, as one reads."""

DIGITS = len(PLACES)
NAMES = tuple(f"Digit {number}" for number in range(DIGITS))
"""Of their objects."""

HEIGHT = 14.0
"""Of the camera."""

WIDTH_OF_VIEW = 7.8
"""Of what it sees of the page."""
