"""A driver who needs no training: straight to the beacon, past what is in the way on the side that is nearer."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.rover.geometry import ROVER_RADIUS
from blendgym.envs.rover.task import ARRIVED, RAYS, REACH

BEARINGS = np.arange(RAYS) * math.tau / RAYS
LOOKAHEAD = 2.0
"""How far a way has to be free, in m."""

MARGIN = 0.1
"""Kept from what is passed, in m."""


class Pilot:
    """Remembers nothing, so what it does is a function of what it sees, as a network is that imitates it."""

    def act(self, observations: NDArray[np.float32]) -> NDArray[np.float32]:
        """Throttle and steering (count, 2) for observations of the state (count, 21)."""
        return np.stack([drive(observation) for observation in observations])


def drive(observation: NDArray[np.float32]) -> NDArray[np.float32]:
    """The action, throttle and steering, for an observation of the state."""
    ranges, (cosine, sine, distance) = observation[:RAYS].astype(float), observation[RAYS : RAYS + 3].tolist()
    goal = math.atan2(sine, cosine)
    wanted = min(LOOKAHEAD, max(distance - ARRIVED, 0.1))
    points = np.stack([np.cos(BEARINGS), np.sin(BEARINGS)], axis=1) * (ranges + ROVER_RADIUS)[:, None]
    points = points[ranges < REACH]
    ways = [goal, *(goal + side * step * math.pi / 24 for step in range(1, 25) for side in (1, -1))]
    way = next((each for each in ways if _is_free(points, each, wanted)), goal)
    way = math.remainder(way, math.tau)
    steering = np.clip(2.0 * way, -1.0, 1.0)
    throttle = max(0.0, math.cos(way)) if abs(way) < 1.2 else 0.0
    return np.array([throttle, steering], np.float32)


def _is_free(points: NDArray[np.float64], way: float, length: float) -> bool:
    """Whether nothing is met within a length on a way as wide as the rover."""
    ahead = points @ (math.cos(way), math.sin(way))
    beside = np.abs(points @ (-math.sin(way), math.cos(way)))
    return not np.any((ahead > 0.0) & (ahead < length + ROVER_RADIUS) & (beside < ROVER_RADIUS + MARGIN))
