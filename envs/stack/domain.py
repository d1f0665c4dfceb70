"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "box.imbalance": (0.3, 1.0),
    "box.friction": (0.3, 1.0),
    "pedestal.length": (0.08, 0.2),
    "pedestal.width": (0.08, 0.2),
    "placement.noise": (0.0, 0.02),
    "action.latency": (0, 2),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
