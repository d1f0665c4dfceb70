"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "pole.length": (0.2, 5.0),
    "pole.mass": (0.05, 1.0),
    "cart.mass": (0.25, 4.0),
    "force.scale": (1.0, 20.0),
    "gravity": (1.0, 20.0),
    "action.latency": (0, 7),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
