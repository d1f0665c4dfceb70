"""What studies randomize."""

from __future__ import annotations

RANGES = {"paddle.mass": (0.5, 2.0), "force.scale": (2.0, 8.0)}
