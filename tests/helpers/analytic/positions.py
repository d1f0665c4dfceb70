"""A pass of one's own: the record of a pass that blendgym does not have, and a task that is imported with it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytic.tasks import Solids
from blendgym.images.passes import PASSES, Facts, Images, Pass


def _position(images: Images, facts: Facts) -> NDArray[Any]:
    depth = images["depth"]
    height, width = depth.shape
    column, row = np.meshgrid(np.arange(width), np.arange(height))
    pixels = np.stack([column, row, np.ones_like(row)], axis=-1) * depth[..., None]
    seen = pixels @ np.linalg.inv(facts.projection.intrinsics).T
    rotation, shift = facts.world_to_camera[:3, :3], facts.world_to_camera[:3, 3]
    return ((seen - shift) @ rotation).astype(np.float32)


PASSES["position"] = Pass(
    title="Position",
    meaning="metres in the frame of the world",
    dtype="float32",
    channels=3,
    low=-np.inf,
    high=np.inf,
    painter="directions",
    sources=("depth",),
    compute=_position,
)


class Positions(Solids):
    """Balls and boxes, and where they are."""
