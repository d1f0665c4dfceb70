"""What a body asks of the world that it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from blendgym.blender.physics.phases import Schedule
from blendgym.blender.physics.shapes import Shape

if TYPE_CHECKING:
    from blendgym.blender.physics.body import Body


class Observer(Protocol):
    """Who knows where the bodies of a world are, and how they move.

    Attributes:
        schedule: What the task is doing at present.
    """

    schedule: Schedule

    def pose_of(self, body: Body) -> NDArray[np.float64]:
        """(4, 4) from the body's frame to the world's, at the end of the last control period."""

    def velocities_of(self, body: Body) -> NDArray[np.float64]:
        """(6,) linear and angular velocity at the same moment."""

    def shape_of(self, body: Body) -> Shape:
        """What touches others, as it is now."""

    def lead(self, body: Body) -> None:
        """Lets the guide of a body go on before every frame of the episode; raises an error if joints hold it."""

    def forget_motion(self, body: Body) -> None:
        """Takes a body to have rested until the end of the coming frame."""
