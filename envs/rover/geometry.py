"""The measures that the scene is built with and the task reckons with, in m.

The frame of the rover is that of its chassis: its origin is the chassis' centre of mass, x points forwards, y to the
left, z up.
"""

from __future__ import annotations

import math

HALF_ARENA = 7.0
"""From the middle of the arena to its walls."""

WHEEL_RADIUS = 0.16
TRACK = 0.48
"""From the middle of one wheel to that of the other."""

HEIGHT = 0.17
"""Of the chassis' centre of mass above the ground."""

AXLE = (-0.12, 0.0, WHEEL_RADIUS - HEIGHT)
CASTER_RADIUS = 0.07
CASTER = (0.24, 0.0, CASTER_RADIUS - HEIGHT)

BUMPER = (0.74, 0.68, 0.06)
"""The box around the centre of mass that touches obstacles."""

ROVER_RADIUS = math.hypot(BUMPER[0], BUMPER[1]) / 2
"""Of the circle in which the rover can turn."""

LIDAR_HEIGHT = 0.05
"""Just above the bumper."""

BEACON_RADIUS = 0.45
BEACON_HEIGHT = 2.6
