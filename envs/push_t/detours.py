"""Ways around the block, which the finger must not touch before it pushes: for many at once, seen from the block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.pushing import Floats

ROOM = 0.001  # m, between finger and block on the way
RING = 0.012  # m, between them at the corners of detours
ARRIVED = 0.001  # m, from a corner, from where the next one is free, too
CORNERS = len(tee.OUTLINE)


class Detours:
    """The shortest ways to some places beside the block, over the corners of a ring around it.

    Args:
        goals: (goals, 2) the places, in m.
        radius: Of the finger, in m.
    """

    def __init__(self, goals: Floats, radius: float) -> None:
        self.corners = _ring(radius + RING)
        """(8, 2), in m."""
        self._goals, self._clearance = goals, radius + ROOM
        self._between = _straight(self.corners, self.corners, np.full(CORNERS, self._clearance))
        self._onwards = _straight(self.corners, goals, np.full(CORNERS, self._clearance))

    def find(self, fingers: Floats, usable: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """The ways from where fingers are, which may be nearer to the block than they may come on the way.

        Args:
            fingers: (count, 2) in m.
            usable: (count, 8) which corners each may use.

        Returns:
            Lengths in m, (count, goals), infinite where there is no way; and where to go first, straight,
            (count, goals, 2).
        """
        clearances = np.minimum(self._clearance, _clearances(fingers) - ROOM / 2)
        straight = _straight(fingers, self._goals, clearances)
        to_corners = _straight(fingers, self.corners, clearances)
        to_corners = np.where(to_corners > ARRIVED, to_corners, np.inf)
        between = _shortest(np.where(usable[:, :, None] & usable[:, None], self._between, np.inf))
        onwards = np.min(between[..., None] + self._onwards, axis=2)
        around = to_corners[..., None] + onwards
        first, shortest = self.corners[around.argmin(axis=1)], around.min(axis=1)
        is_straight = straight <= shortest
        return np.where(is_straight, straight, shortest), np.where(is_straight[..., None], self._goals, first)


def _straight(starts: Floats, ends: Floats, clearances: Floats) -> Floats:
    """How far it is from starts (n, 2) to ends (m, 2), in m: (n, m), infinite where the block is in the way.

    A way is free if it misses the rectangles that are the parts of the block, grown by the clearances (n,) of starts.
    """
    ways = ends - starts[:, None]
    barred = np.zeros(ways.shape[:2], bool)
    divisors = np.where(np.abs(ways) < 1e-9, 1e-9, ways)
    for part in tee.PARTS:
        grown = np.array((part.half_width, part.half_height)) + clearances[:, None]
        middle = (part.x, part.y) - starts
        one, other = (middle - grown)[:, None] / divisors, (middle + grown)[:, None] / divisors
        enters = np.minimum(one, other).max(axis=2).clip(min=0.0)
        leaves = np.maximum(one, other).min(axis=2).clip(max=1.0)
        barred |= enters < leaves
    return np.where(barred, np.inf, np.hypot(ways[..., 0], ways[..., 1]))


def _shortest(lengths: Floats) -> Floats:
    """The shortest ways between all corners over all corners, (count, 8, 8): Floyd's and Warshall's algorithm."""
    for corner in range(CORNERS):
        lengths = np.minimum(lengths, lengths[:, :, corner, None] + lengths[:, corner, None])
    return lengths


def _clearances(fingers: Floats) -> Floats:
    """By how much the rectangles of the block can grow until they meet fingers (n, 2), in m: (n,)."""
    apart = [np.abs(fingers - (part.x, part.y)) - (part.half_width, part.half_height) for part in tee.PARTS]
    return np.asarray(np.min(np.max(apart, axis=2), axis=0))


def _ring(clearance: float) -> Floats:
    """The corners of the block, moved out by a clearance from both of their sides: (8, 2)."""
    corners = np.array(tee.OUTLINE)
    sides = np.roll(corners, -1, axis=0) - corners
    outwards = np.stack((sides[:, 1], -sides[:, 0]), axis=1) / np.linalg.norm(sides, axis=1, keepdims=True)
    return np.asarray(corners + clearance * (outwards + np.roll(outwards, 1, axis=0)))
