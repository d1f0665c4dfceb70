"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "objects": (5, 10),
    "object.size": (0.85, 1.15),
    "object.friction": (0.3, 1.0),
    "drop.height": (0.4, 1.0),
    "azimuth.scale": (0.9, 2.0),
    "action.latency": (0, 1),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
