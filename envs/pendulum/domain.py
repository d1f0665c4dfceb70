"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "pole.mass": (0.5, 2.0),
    "pole.length": (0.5, 1.5),
    "gravity": (4.0, 16.0),
    "torque.scale": (1.0, 4.0),
    "hinge.damping": (0.0, 0.12),
    "action.latency": (0, 3),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
