"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "chassis.mass": (3.0, 15.0),
    "motor.torque": (0.5, 6.0),
    "motor.bias": (-0.2, 0.2),
    "ground.friction": (0.1, 1.0),
    "obstacles.size": (0.6, 1.6),
    "action.latency": (0, 3),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
