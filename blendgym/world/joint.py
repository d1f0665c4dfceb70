"""Hinges and sliders."""

from __future__ import annotations

from typing import Protocol


class Joint(Protocol):
    """A connection of two bodies: hinge, slider, fixed, point, generic, or one of these with springs.

    Its ``parent`` is the end that is nearer to what stands still, whichever end Blender calls the first.

    Attributes:
        name: Of its object in the scene.
    """

    name: str

    @property
    def position(self) -> float:
        """Of a hinge (rad, not wrapped) or slider (m), at the end of the last control period.

        It is zero as the scene was built, and grows as the constraint's *second* object moves along (slider, x) or
        turns about (hinge, z) the constraint's axis relative to its *first*.

        Raises:
            SceneError: If the joint has no single degree of freedom.
        """

    @property
    def velocity(self) -> float:
        """Likewise, in rad/s or m/s.

        Raises:
            SceneError: If the joint has no single degree of freedom.
        """

    def place(self, position: float, velocity: float = 0.0) -> None:
        """Sets the state in which the episode begins, in ``Task.reset``.

        Args:
            position: In rad or m.
            velocity: In rad/s or m/s.

        Raises:
            SceneError: If the joint has no single degree of freedom; place its bodies instead. If a number is not
                finite, or it is placed elsewhere than in ``Task.reset``.
        """
