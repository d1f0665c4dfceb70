"""What moves a body that the physics does not move: a kinematic one, or one that a task holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import bpy
from mathutils import Matrix

from blendgym.blender.physics.poses import between
from blendgym.blender.physics.saved_state import set_pose


class Guide:
    """Moves a body evenly along straight ways, and lets go of one that was held.

    Args:
        obj: The object that carries the body.
        pose: Where the body is as the scene was built, without its scale.

    Attributes:
        is_holding: Whether it keeps the body from the physics.
    """

    def __init__(self, obj: bpy.types.Object, pose: Matrix) -> None:
        self._object = obj
        self._way = pose, pose
        self._groups: tuple[bool, ...] = tuple(obj.rigid_body.collision_collections)
        self._letting_go: Iterator[None] | None = None
        self.is_holding = False

    def is_at(self, pose: Matrix) -> bool:
        """Whether this is where it leads."""
        return bool(pose == self._way[1])

    def put(self, pose: Matrix) -> None:
        """Puts the body somewhere at once."""
        self._way = pose, pose
        set_pose(self._object, pose)

    def move_to(self, pose: Matrix) -> None:
        """Moves the body evenly over the coming control period."""
        self._way = self._way[1], pose

    def hold(self, pose: Matrix) -> None:
        """Keeps the body from the physics, at this pose; one that is held already goes on as it is led."""
        self._letting_go = None
        self._touch(True)
        if self.is_holding:
            return
        self.is_holding = self._object.rigid_body.kinematic = True
        self.put(pose)

    def release(self, pose: Matrix | None, restart: Callable[[], None]) -> None:
        """Begins to let go of the body.

        Args:
            pose: Where; ``None`` for where it is.
            restart: Called when it is put there: it is to be taken to have rested until the end of the coming frame.
        """
        self._letting_go = self._let_go(pose, restart)

    def end(self) -> None:
        """Gives a body that is held back to the physics."""
        self.is_holding = self._object.rigid_body.kinematic = False
        self._letting_go = None
        self._touch(True)

    def go_on(self, share: float) -> None:
        """Goes on, in the frame that ends at a share of the control period."""
        if self._letting_go:
            next(self._letting_go, None)
            return
        start, end = self._way
        if start is end:
            return
        set_pose(self._object, between(start, end, share))
        if share == 1.0:
            self._way = end, end

    def _let_go(self, pose: Matrix | None, restart: Callable[[], None]) -> Iterator[None]:
        if pose is not None:
            self._touch(False)  # Blender moves it evenly within the frame, through all that is in its way.
            self.put(pose)
            restart()
            yield
            self._touch(True)
        yield  # It stands still for a frame, for Bullet takes its velocity from how it was moved last.
        self.end()

    def _touch(self, others: bool) -> None:
        """Lets the body touch others, or pass through them."""
        groups = self._groups if others else (False,) * len(self._groups)
        if tuple(self._object.rigid_body.collision_collections) != groups:
            self._object.rigid_body.collision_collections = groups
