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

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.joint import DIFFERENCES, gain_of
from blendgym.blender.physics.poses import Motion

FRAMES = DIFFERENCES + 2

# Of the nine elements of a turn, in a product: its axis times the sine of its angle, and the cosine plus a half.
SINES_AND_COSINE = 0.5 * np.array(
    [
        (0, 0, 0, 1),
        (0, 0, -1, 0),
        (0, 1, 0, 0),
        (0, 0, 1, 0),
        (0, 0, 0, 1),
        (-1, 0, 0, 0),
        (0, -1, 0, 0),
        (1, 0, 0, 0),
        (0, 0, 0, 1),
    ]
)


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
        self._first_gain = gain_of(substeps)
        self._rows: list[int] = []
        self._place_of = {body: place for place, body in enumerate(bodies)}
        self._is_free = np.array([body.is_free for body in bodies])
        # Between two frames, Blender moves kinematic bodies evenly.
        self._lag = np.where(self._is_free, (substeps - 1) / (2 * substeps), 0.0)[:, None]
        self._numbers = 0
        self._restarted: list[int] = []
        self._velocities: NDArray[np.float64] | None = None
        self._start: NDArray[np.float64] = np.zeros((len(bodies), 6))
        self._forget()

    def start(self, motions: Mapping[Body, Motion], depsgraph: bpy.types.Depsgraph) -> None:
        """Begins with how the bodies begin."""
        row_of = {obj: row for row, obj in enumerate(self._collection.all_objects)}
        self._rows = [row_of[body.object] for body in self._place_of]
        self._numbers = 16 * len(row_of)
        self._start[:] = [(*motions[body].velocity, *motions[body].rate) for body in self._place_of]
        self._forget()
        self.record(depsgraph)

    def record(self, depsgraph: bpy.types.Depsgraph) -> None:
        """Reads the poses that a frame has led to."""
        matrices = np.empty(self._numbers, np.float32)
        # Blender writes poses back to the objects only in the scene of its window.
        self._collection.evaluated_get(depsgraph).all_objects.foreach_get("matrix_world", matrices)
        self._unread.append(matrices)
        self._velocities = None
        if self._restarted:
            self._rest(self._restarted)
            self._restarted.clear()

    def restart(self, body: Body) -> None:
        """Takes a body to have rested until the end of the coming frame."""
        self._restarted.append(self._place_of[body])

    def knows(self, body: Body) -> bool:
        """Whether a body is measured."""
        return body in self._place_of

    def pose_of(self, body: Body) -> NDArray[np.float64]:
        """(4, 4) from the body's frame to the world's."""
        return self._last_poses()[-1, self._place_of[body]].copy()

    def velocities_of(self, body: Body) -> NDArray[np.float64]:
        """(6,) linear and angular velocity at the end of the last frame."""
        if self._velocities is None:
            self._velocities = self._measured()
        return self._velocities[self._place_of[body]]

    def speeds(self) -> NDArray[np.float64]:
        """(bodies, 2) mean speeds in the last frame, in m/s and rad/s, of those that the physics moves."""
        return _lengths(self._last_means()[-1][self._is_free].reshape(-1, 2, 3))[..., 0]

    def _forget(self) -> None:
        # Frames are looked into when they are asked about, several at once: NumPy needs as long for one.
        self._unread = deque[NDArray[np.float32]](maxlen=FRAMES)
        self._poses: NDArray[np.float64] = np.empty((0, len(self._place_of), 4, 4))
        self._means: NDArray[np.float64] = np.empty((0, len(self._place_of), 6))
        self._poses_without_mean = 0
        self._velocities = None
        self._restarted.clear()

    def _rest(self, places: list[int]) -> None:
        """Takes bodies to have been where they are through all of the last frames."""
        poses, means = self._last_poses(), self._last_means()
        poses[:, places], means[:, places], self._start[places] = poses[-1, places], 0.0, 0.0

    def _measured(self) -> NDArray[np.float64]:
        """(bodies, 6) velocities at the end of the last frame."""
        means = self._last_means()
        if len(means) == 0:
            return self._start
        differences = means[1:] - means[:-1]
        if len(differences) < DIFFERENCES:
            # The velocity at the beginning is known, so the first mean tells the first acceleration.
            first = (means[:1] - self._start) * self._first_gain
            differences = np.concatenate([np.repeat(first, DIFFERENCES - len(differences), axis=0), differences])
        median = np.sort(differences, axis=0)[DIFFERENCES // 2]
        return np.asarray(means[-1] + self._lag * median)

    def _last_means(self) -> NDArray[np.float64]:
        """(frames, bodies, 6) mean velocities of the last frames."""
        poses = self._last_poses()
        if fresh := min(self._poses_without_mean, len(poses) - 1):
            before, after = poses[-fresh - 1 : -1], poses[-fresh:]
            moved, turned = after[..., :3, 3] - before[..., :3, 3], _turns(before[..., :3, :3], after[..., :3, :3])
            means = np.concatenate([moved, turned], axis=-1) / self._period
            self._means = np.concatenate([self._means, means])[1 - FRAMES :]
        self._poses_without_mean = 0
        return self._means

    def _last_poses(self) -> NDArray[np.float64]:
        """(frames, bodies, 4, 4) poses in the last frames, without scale."""
        if self._unread:
            self._poses = np.concatenate([self._poses, self._located(self._unread)])[-FRAMES:]
            self._poses_without_mean += len(self._unread)
            self._unread.clear()
        return self._poses

    def _located(self, frames: Collection[NDArray[np.float32]]) -> NDArray[np.float64]:
        """(frames, bodies, 4, 4) poses in some frames, without scale."""
        matrices = np.array(frames, np.float64).reshape(len(frames), -1, 4, 4)[:, self._rows]
        axes = matrices[..., :3, :3]
        axes /= _lengths(axes)
        return np.swapaxes(matrices, -1, -2)  # Blender has columns first.


def _turns(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """(…, 3) rotation vectors from some rotations to others."""
    turn = after @ np.swapaxes(before, -1, -2)
    parts = turn.reshape(*turn.shape[:-2], 9) @ SINES_AND_COSINE
    axis, cosine = parts[..., :3], parts[..., 3:] - 0.5
    sine = _lengths(axis)
    angle = np.arctan2(sine, cosine)
    return np.asarray(axis * np.divide(angle, sine, out=np.ones_like(sine), where=sine > 0.0))


def _lengths(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """(…, 1) lengths of vectors (…, 3); ``numpy.linalg.norm`` takes twice as long for a few."""
    return np.asarray(np.sqrt((vectors * vectors).sum(-1, keepdims=True)))
