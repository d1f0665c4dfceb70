"""The scenes of this folder as tasks in which nothing happens."""

from __future__ import annotations

from analytic.tasks import Still


class Seen(Still):
    """Something in each cell of the grid."""

    scene = "sights.seen"


class FromFile(Still):
    """A scene from a file."""

    def __init__(self, path: str) -> None:
        self.scene = path  # type: ignore[misc]


class Many(Still):
    """Ten thousand instances and a thousand objects."""

    scene = "sights.many"
