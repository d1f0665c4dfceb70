"""All straight pushes of the block from beside it, imagined once: seen from the block, they are the same anywhere."""

from __future__ import annotations

import math

import numpy as np

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.pushing import Floats, push

GAP = 0.004  # m, between finger and block before a push
SPACING = 0.008  # m, between the points that may be pushed
ANGLES = np.radians((-45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0))  # of pushes from the normal
LENGTHS = 1e-3 * np.array([2, 4, 6, 9, 12, 16, 20, 25, 30, 40, 50, 60, 75, 90, 105, 120, 140, 160, 180])  # m
HAIR = 1e-4  # m, by which imagined fingers begin beside the block


class Pushes:
    """What pushes do, in the frame of the block before them. Arrays are (starts, angles, lengths) unless said.

    Args:
        radius: Of the finger, in m.
        friction: Coulomb's coefficient between finger and block.
    """

    def __init__(self, radius: float, friction: float) -> None:
        touching, self.inwards = _contacts(radius)
        self.starts = touching - GAP * self.inwards
        """(starts, 2): where the finger waits, in m."""
        self.directions = np.stack([_turned(self.inwards, angle) for angle in ANGLES], axis=1)
        """(starts, angles, 2): unit vectors."""
        shape = self.directions.shape[:2]
        fingers = np.repeat(touching - HAIR * self.inwards, len(ANGLES), axis=0)
        ways, blocks, before, moved = self.directions.reshape(-1, 2), np.zeros((len(fingers), 3)), 0.0, []
        for length in LENGTHS:
            fingers, blocks = push(fingers, blocks, (length - before) * ways, radius, friction)
            moved.append(np.concatenate((fingers, blocks), axis=1))
            before = length
        ends = np.stack(moved, axis=1).reshape(*shape, len(LENGTHS), 5).astype(np.float32)
        self.finger_x, self.finger_y, self.x, self.y, self.angle = np.moveaxis(ends, -1, 0).copy()
        """Where finger and block are after the push, in m and rad."""


def _contacts(radius: float) -> tuple[Floats, Floats]:
    """Where the finger can touch the sides of the block, and unit vectors into it: (starts, 2) each."""
    points, normals = [], []
    for start, end in zip(tee.OUTLINE, tee.OUTLINE[1:] + tee.OUTLINE[:1], strict=True):
        side = np.subtract(end, start)
        length = float(np.hypot(*side))
        inwards = np.array([-side[1], side[0]]) / length
        count = max(2, int(length / SPACING))
        for share in (np.arange(count) + 0.5) / count:
            point = start + share * side - radius * inwards
            if tee.distance(*point) > radius - HAIR:
                points.append(point)
                normals.append(inwards)
    return np.array(points), np.array(normals)


def _turned(vectors: Floats, angle: float) -> Floats:
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.asarray(vectors @ np.array([[cosine, sine], [-sine, cosine]]))
