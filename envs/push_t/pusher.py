"""A controller that solves Push-T by planning: what it wins can be won, and imitated."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.push_t import tee
from blendgym.envs.push_t.detours import Detours
from blendgym.envs.push_t.pushes import ANGLES, GAP, LENGTHS, Pushes
from blendgym.envs.push_t.pushing import Floats
from blendgym.envs.push_t.task import REACH, PushT

STEP = PushT.finger_speed / PushT.control_rate  # m, the longest of the finger
PATIENCE = 2.0  # s, for which e times less of the way to the goal is left
FINEST = 0.001  # m, of displacements that need not become less
WORTHWHILE = 0.98  # of its displacement, at which a push has to leave the block
BESIDE = 0.006  # m, along the side of the block, from where the finger is to where a push begins
AT_ONCE = 8  # observations that are planned for together, so that the arrays fit into a cache


class Pusher:
    """Goes beside the block and pushes it straight: always what brings it near to its goal in little time.

    It plans anew in every step and remembers nothing, so what it does is a function of what it sees, as a network is
    that imitates it. It has the nominal parameters in mind.

    Args:
        radius: Of the finger, in m.
        friction: Coulomb's coefficient between finger and block.
    """

    def __init__(self, radius: float = 0.025, friction: float = 0.5) -> None:
        self._pushes = Pushes(radius, friction)
        self._detours = Detours(self._pushes.starts, radius)

    def act(self, observations: NDArray[Any]) -> NDArray[np.float32]:
        """Actions of ``action_type="relative"`` for observations of ``PushT``: (count, 2) for (count, 6)."""
        few = np.array_split(observations.astype(np.float64), math.ceil(len(observations) / AT_ONCE))
        return np.concatenate([self._act(some) for some in few])

    def _act(self, observations: Floats) -> NDArray[np.float32]:
        middles, angles = REACH * observations[:, 2:4], np.arctan2(observations[:, 5], observations[:, 4])
        fingers = _turned(REACH * observations[:, :2] - middles, -angles)
        ways = self._ways(fingers, middles, angles)
        lengths = np.linalg.norm(ways, axis=1, keepdims=True)
        return np.asarray(_turned(ways / np.maximum(lengths, STEP), angles), np.float32)

    def _ways(self, fingers: Floats, middles: Floats, angles: Floats) -> Floats:
        """Where fingers shall go, from where they are: (count, 2) in m, as all is here, seen from the block."""
        pushes, rows = self._pushes, np.arange(len(fingers))
        lengths, first = self._detours.find(fingers, _is_in_reach(self._detours.corners, middles, angles))
        lengths = np.where(_is_in_reach(pushes.starts, middles, angles), lengths, np.inf)
        gaps, is_beside = self._gaps(fingers)
        ways_there = np.where(is_beside, 0.0, lengths)[..., None] + gaps
        costs = (ways_there[..., None] + LENGTHS) / PushT.finger_speed + self._left(middles, angles)
        start, angle, length = np.unravel_index(costs.reshape(len(rows), -1).argmin(axis=1), costs.shape[1:])
        pushing = (gaps[rows, start, angle] + LENGTHS[length])[:, None] * pushes.directions[start, angle]
        ways = np.where(is_beside[rows, start, None], pushing, first[rows, start] - fingers)
        has_none, away = np.isinf(costs[rows, start, angle, length]), fingers
        return np.where(has_none[:, None], away, ways)

    def _gaps(self, fingers: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """How far fingers go before each push touches the block, and which are where they can push at once."""
        inwards = self._pushes.inwards
        offsets = self._pushes.starts - fingers[:, None]
        ahead = GAP + np.sum(offsets * inwards, axis=-1)
        aside = np.abs(offsets[..., 0] * inwards[:, 1] - offsets[..., 1] * inwards[:, 0])
        is_beside = (aside < BESIDE) & (np.abs(ahead) < 2.0 * GAP)
        return np.where(is_beside, ahead.clip(min=0.0), GAP)[..., None] / np.cos(ANGLES), is_beside

    def _left(self, middles: Floats, angles: Floats) -> Floats:
        """How long it takes from where pushes leave the block, as far as that can be said; infinite if they do harm."""
        pushes = self._pushes
        goals = _turned(tee.GOAL[:2] - middles, -angles)
        goal_x, goal_y, goal_angle = _for_pushes(*goals.T, tee.GOAL.angle - angles)
        before = _displacement(goal_x, goal_y, goal_angle)
        after = _displacement(goal_x - pushes.x, goal_y - pushes.y, goal_angle - pushes.angle)
        cosine, sine, x, y = _for_pushes(np.cos(angles), np.sin(angles), *middles.T)
        is_beyond = np.abs(x + cosine * pushes.finger_x - sine * pushes.finger_y) > REACH
        is_beyond |= np.abs(y + sine * pushes.finger_x + cosine * pushes.finger_y) > REACH
        return np.where(is_beyond | (after > WORTHWHILE * before), np.inf, PATIENCE * np.log(after + FINEST))


def _displacement(x: Any, y: Any, angle: Any) -> Any:
    """``tee.displacement`` of many blocks."""
    return np.sqrt(x * x + y * y + np.float32(2.0 * tee.GYRATION**2) * (1.0 - np.cos(angle)))


def _for_pushes(*values: Floats) -> list[NDArray[np.float32]]:
    """Values (count,) as they go with starts, angles and lengths of pushes: (count, 1, 1, 1)."""
    return [value.astype(np.float32)[:, None, None, None] for value in values]


def _is_in_reach(points: Floats, middles: Floats, angles: Floats) -> NDArray[np.bool_]:
    """Which points (many, 2), seen from blocks, the finger can go to: (count, many)."""
    return np.asarray((np.abs(middles[:, None] + _turned(points, angles[:, None])) < REACH).all(axis=-1))


def _turned(vectors: Floats, angles: Floats) -> Floats:
    """Vectors (…, 2) turned counterclockwise by angles (…,) in rad."""
    x, y, cosine, sine = vectors[..., 0], vectors[..., 1], np.cos(angles), np.sin(angles)
    return np.stack((cosine * x - sine * y, sine * x + cosine * y), axis=-1)
