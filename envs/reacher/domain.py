"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "forearm.mass": (0.2, 2.0),
    "forearm.length": (0.2, 0.3),
    "servo.torque": (1.0, 8.0),
    "servo.gain": (10.0, 40.0),
    "step.scale": (0.05, 0.4),
    "action.latency": (0, 3),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
