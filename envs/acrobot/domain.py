"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "upper.length": (0.9, 1.5),
    "lower.mass": (0.5, 2.0),
    "lower.length": (0.9, 1.5),
    "torque.scale": (1.0, 4.0),
    "gravity": (6.0, 13.0),
    "action.latency": (0, 3),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
