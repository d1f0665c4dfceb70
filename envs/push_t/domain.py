"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "table.friction": (0.2, 1.0),
    "finger.friction": (0.0, 1.0),
    "finger.radius": (0.015, 0.04),
    "finger.speed": (0.1, 0.5),
    "finger.gain": (3.0, 30.0),
    "action.latency": (0, 2),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
