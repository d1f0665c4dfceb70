"""What studies randomize: six hidden parameters, in ranges in which there is something to win."""

from __future__ import annotations

RANGES = {
    "gravity": (3.0, 15.0),
    "ball.rolling_loss": (0.0, 0.8),
    "tilt.scale": (0.1, 0.3),
    "tilt.speed": (0.3, 3.0),
    "level.x": (-0.04, 0.04),
    "action.latency": (0, 3),
}
"""Lowest and highest value by name of the parameter, in the units of its declaration."""
