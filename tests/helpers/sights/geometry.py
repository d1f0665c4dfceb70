"""Where the things of ``looking`` are, in m, and how much of the tile is seen from where. Without bpy."""

from __future__ import annotations

DISTANCE = 10.0  # of the camera, in front of the tile
WALL = 5.0  # in front of the tile, covering all that is left of the middle
TILE = 2.0  # side
BALL = (4.0, 0.0, 30.0)
FIELD_OF_VIEW = 0.6  # rad


def visible_share(across: float) -> float:
    """The share of the tile that is seen past the edge of the wall by a camera that far to the right of the middle.

    The ray past the edge meets the plane of the tile as far to the left as the camera is to the right, for the wall
    stands half way. Thicknesses are left out.
    """
    return min(max((TILE / 2 + across) / TILE, 0.0), 1.0)
