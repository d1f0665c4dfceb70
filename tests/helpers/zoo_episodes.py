"""Episodes of the zoo, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.client.env import BlendEnv

Floats = NDArray[np.float64]

GRAVITY = 9.81  # m/s²


class Watched(NamedTuple):
    """What was seen of the bodies of a scene: (rows, bodies, …), the first row from the reset."""

    position: Floats
    orientation: Floats
    velocity: Floats
    spin: Floats

    def of(self, body: int) -> Watched:
        """The same of one body: (rows, …)."""
        return Watched(*(part[:, body] for part in self))


def watch(
    env: BlendEnv, steps: int, parameters: Mapping[str, float] | None = None, *, seed: int = 1, action: float = 0.0
) -> Watched:
    """An episode with one action throughout."""
    rows = [env.reset(seed=seed, options={"params": dict(parameters or {})})[0]]
    rows += [env.step(np.full(1, action, np.float32))[0] for _ in range(steps)]
    numbers: Any = np.array(rows).reshape(len(rows), -1, 13)
    return Watched(*np.split(numbers, (3, 7, 10), axis=-1))


def angles_about(axis: int, orientation: Floats) -> Floats:
    """Angles, in rad, of quaternions that turn about one of the axes."""
    return np.unwrap(2 * np.arctan2(orientation[..., 1 + axis], orientation[..., 0]))


def period_of(values: Floats, seconds_per_row: float) -> float:
    """The mean time between falls through zero."""
    falls = np.flatnonzero((values[:-1] > 0.0) & (values[1:] <= 0.0))
    times = falls + values[falls] / (values[falls] - values[falls + 1])
    return float(np.diff(times).mean() * seconds_per_row)
