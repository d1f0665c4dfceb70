"""A controller that solves Push-T by planning: what it wins can be won."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.detours import next_point
from blendgym.envs.push_t.pushing import Floats, push
from blendgym.envs.push_t.task import REACH
from blendgym.envs.push_t.tee import Place, Point

GAP = 0.004  # m, between finger and block before a push
SPACING = 0.012  # m, between the points that may be pushed
ANGLES = np.radians((-20.0, 0.0, 20.0))  # of pushes from the normal
STRIDE, LONGEST = 0.01, 0.19  # m, of pushes
ARRIVED = 0.003  # m
WORTHWHILE = 0.0005  # m, by which a longer push has to be better


class Push(NamedTuple):
    """A straight way of the finger, in m, from beside the block to where the block is better."""

    start: Point
    end: Point


class Pusher:
    """Goes beside the block, pushes it straight, and plans anew: always the push that brings it nearest to its goal.

    Args:
        radius: Of the finger, in m.
        friction: Coulomb's coefficient between finger and block.
    """

    def __init__(self, radius: float = 0.025, friction: float = 0.5) -> None:
        self._radius, self._friction = radius, friction
        self._starts, self._directions = _contacts(radius)
        self.reset()

    def reset(self) -> None:
        """Forgets the push that is under way, for a new episode."""
        self._push: Push | None = None
        self._is_pushing = False

    def act(self, observation: NDArray[Any]) -> NDArray[np.float32]:
        """The action for an observation of ``PushT``: (2,)."""
        x, y, block_x, block_y, cosine, sine = observation.astype(np.float64).tolist()
        finger = REACH * x, REACH * y
        target = self._target(finger, Place(REACH * block_x, REACH * block_y, math.atan2(sine, cosine)))
        return np.clip(np.array(target) / REACH, -1.0, 1.0).astype(np.float32)

    def _target(self, finger: Point, block: Place) -> Point:
        if self._push and self._is_pushing and math.dist(finger, self._push.end) < ARRIVED:
            self._push = None
        if self._push is None:
            self._push, self._is_pushing = self._best_push(block), False
        if self._push is None:
            return finger
        self._is_pushing |= math.dist(finger, self._push.start) < ARRIVED
        return self._push.end if self._is_pushing else next_point(finger, self._push.start, block, self._radius)

    def _best_push(self, block: Place) -> Push | None:
        """The push after which the block is nearest to its goal, or none if all make it worse."""
        cosine, sine = math.cos(block.angle), math.sin(block.angle)
        turned = np.array([[cosine, sine], [-sine, cosine]])
        starts, ways = self._starts @ turned + (block.x, block.y), STRIDE * self._directions @ turned
        fingers, blocks = starts, np.tile(block, (len(starts), 1))
        best, least = None, _displacements(blocks[:1])[0]
        for _ in range(round(LONGEST / STRIDE)):
            fingers, blocks = push(fingers, blocks, ways, self._radius, self._friction)
            in_reach = (np.abs(starts) < REACH).all(axis=1) & (np.abs(fingers) < REACH).all(axis=1)
            displacements = np.where(in_reach, _displacements(blocks), np.inf)
            row = int(displacements.argmin())
            if displacements[row] < least - WORTHWHILE:
                least = displacements[row]
                best = Push((starts[row, 0], starts[row, 1]), (fingers[row, 0], fingers[row, 1]))
        return best


def _contacts(radius: float) -> tuple[Floats, Floats]:
    """Where the finger can begin to push, and unit vectors where to: (count, 2) each, in the frame of the block."""
    starts, directions = [], []
    for start, end in zip(tee.OUTLINE, tee.OUTLINE[1:] + tee.OUTLINE[:1], strict=True):
        side = np.subtract(end, start)
        length = float(np.hypot(*side))
        inwards = np.array([-side[1], side[0]]) / length
        count = max(2, int(length / SPACING))
        for place in (np.arange(count) + 0.5) / count:
            finger = start + place * side - (radius + GAP) * inwards
            if tee.distance(*finger) < radius:
                continue
            for angle in ANGLES:
                cosine, sine = math.cos(angle), math.sin(angle)
                starts.append(finger)
                directions.append((cosine * inwards[0] - sine * inwards[1], sine * inwards[0] + cosine * inwards[1]))
    return np.array(starts), np.array(directions)


def _displacements(blocks: Floats) -> Floats:
    """``tee.displacement`` from the goal, of many blocks."""
    x, y, angle = (blocks - tee.GOAL).T
    return np.asarray(np.sqrt(x**2 + y**2 + 2.0 * tee.GYRATION**2 * (1.0 - np.cos(angle))))
