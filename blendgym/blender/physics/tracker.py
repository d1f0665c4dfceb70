"""Measured velocities of bodies, derived from their poses in the last few frames.

Blender tells poses, not velocities. The mean velocity of a frame follows from two poses; the velocity at its end
differs from that by what the body gains in the rest of the frame. Bullet integrates semi-implicitly: under an
acceleration a, the mean over a frame of n substeps in a time t is behind by a·t·(n - 1) / 2n. The acceleration is
estimated from five differences of mean velocities, by their median: an impact disturbs two of these and no more, so
velocities are exact in free fall, and again in the first whole frame after a bounce. In the frame of an impact itself
they are between before and after; and an acceleration that changes by b within three frames leaves an error of b·t/2.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.joint import DIFFERENCES
from blendgym.blender.physics.poses import Motion

FRAMES = DIFFERENCES + 2


class Tracker:
    """Keeps the poses of the last few frames of all bodies of a collection.

    Args:
        collection: Of Blender's rigid-body world.
        bodies: Those to be measured, all of them in it.
        period: Simulated seconds in one frame.
        substeps: Physics steps in one frame.
    """

    def __init__(self, collection: bpy.types.Collection, bodies: Sequence[Body], period: float, substeps: int) -> None:
        self._collection, self._period = collection, period
        self._lag = (substeps - 1) / (2 * substeps)
        self._first_gain = 2 * substeps / (substeps + 1)
        self._rows: list[int] = []
        self._place_of = {body: place for place, body in enumerate(bodies)}
        self._is_free = np.array([body.is_free for body in bodies])
        self._frames = deque[NDArray[np.float32]](maxlen=FRAMES)
        self._restarted: list[int] = []
        self._numbers = 0
        self._start: NDArray[np.float64] = np.zeros((len(bodies), 6))
        self._poses: NDArray[np.float64] | None = None
        self._velocities: NDArray[np.float64] | None = None

    def start(self, motions: Mapping[Body, Motion], depsgraph: bpy.types.Depsgraph) -> None:
        """Begins with how the bodies begin."""
        row_of = {obj: row for row, obj in enumerate(self._collection.all_objects)}
        self._rows = [row_of[body.object] for body in self._place_of]
        self._numbers = 16 * len(row_of)
        self._frames.clear()
        self._restarted.clear()
        self._start[:] = [(*motions[body].velocity, *motions[body].rate) for body in self._place_of]
        self.record(depsgraph)

    def record(self, depsgraph: bpy.types.Depsgraph) -> None:
        """Reads the poses that a frame has led to."""
        poses = np.empty(self._numbers, np.float32)
        # Blender writes poses back to the objects only in the scene of its window.
        self._collection.evaluated_get(depsgraph).all_objects.foreach_get("matrix_world", poses)
        self._frames.append(poses)
        self._poses = self._velocities = None
        for place in self._restarted:
            self._rest(place)
        self._restarted.clear()

    def restart(self, body: Body) -> None:
        """Takes a body to have rested until the end of the coming frame."""
        self._restarted.append(self._place_of[body])

    def knows(self, body: Body) -> bool:
        """Whether a body is measured."""
        return body in self._place_of

    def pose_of(self, body: Body) -> NDArray[np.float64]:
        """(4, 4) from the body's frame to the world's."""
        if self._poses is None:
            self._poses = self._located([self._frames[-1]])[0]
        return self._poses[self._place_of[body]].copy()

    def velocities_of(self, body: Body) -> NDArray[np.float64]:
        """(6,) linear and angular velocity at the end of the last frame."""
        if self._velocities is None:
            self._velocities = self._measured()
        return self._velocities[self._place_of[body]]

    def speeds(self) -> NDArray[np.float64]:
        """(bodies, 2) mean speeds in the last frame, in m/s and rad/s, of those that the physics moves."""
        return np.linalg.norm(self._means()[-1][self._is_free].reshape(-1, 2, 3), axis=-1)

    def _rest(self, place: int) -> None:
        numbers = slice(16 * self._rows[place], 16 * self._rows[place] + 16)
        for frame in self._frames:
            frame[numbers] = self._frames[-1][numbers]
        self._start[place] = 0.0

    def _measured(self) -> NDArray[np.float64]:
        means = self._means()
        if len(means) == 0:
            return self._start
        differences = np.diff(means, axis=0)
        if len(differences) < DIFFERENCES:
            # The velocity at the beginning is known, so the first mean tells the first acceleration.
            first = (means[:1] - self._start) * self._first_gain
            differences = np.concatenate([np.repeat(first, DIFFERENCES - len(differences), axis=0), differences])
        ends = means[-1] + self._lag * np.median(differences, axis=0)
        # Between two frames, Blender moves kinematic bodies evenly.
        return np.where(self._is_free[:, None], ends, means[-1])

    def _means(self) -> NDArray[np.float64]:
        """(frames, bodies, 6) mean velocities of the last frames."""
        poses = self._located(self._frames)
        moved = np.diff(poses[..., :3, 3], axis=0)
        turned = _turns(poses[:-1, :, :3, :3], poses[1:, :, :3, :3])
        return np.concatenate([moved, turned], axis=-1) / self._period

    def _located(self, frames: Collection[NDArray[np.float32]]) -> NDArray[np.float64]:
        """(frames, bodies, 4, 4) poses in some frames, without scale."""
        matrices = np.array(frames, np.float64).reshape(len(frames), -1, 4, 4)[:, self._rows]
        matrices[..., :3, :3] /= np.linalg.norm(matrices[..., :3, :3], axis=-1, keepdims=True)
        return np.swapaxes(matrices, -1, -2)  # Blender has columns first.


def _turns(before: NDArray[Any], after: NDArray[Any]) -> NDArray[np.float64]:
    """(…, 3) rotation vectors from some rotations to others."""
    turn = after @ np.swapaxes(before, -1, -2)
    skew = (turn - np.swapaxes(turn, -1, -2)) / 2
    axis = np.stack([skew[..., 2, 1], skew[..., 0, 2], skew[..., 1, 0]], axis=-1)
    sine = np.linalg.norm(axis, axis=-1, keepdims=True)
    cosine = (np.trace(turn, axis1=-2, axis2=-1)[..., None] - 1) / 2
    angle = np.arctan2(sine, cosine)
    return axis * np.divide(angle, sine, out=np.ones_like(sine), where=sine > 0.0)
