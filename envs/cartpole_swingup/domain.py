"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "pole.length": (0.5, 1.6),
    "pole.mass": (0.05, 0.3),
    "cart.mass": (0.5, 2.0),
    "force.scale": (6.0, 16.0),
    "gravity": (6.0, 13.0),
    "action.latency": (0, 2),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
