"""The trees that the joints of a scene form: which body carries which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.joint import Joint
from blendgym.blender.physics.poses import Motion
from blendgym.errors import SceneError


class Trees:
    """All joints of a scene, each turned away from what stands still, whichever of its bodies Blender calls the first.

    Args:
        bodies: All of the scene. Those that the physics does not move are roots; so is, where nothing stands still,
            the body that no joint has for its second.
        joints: All of the scene.

    Attributes:
        ordered: The joints that carry a body, in an order in which forward kinematics can be computed.
        closing: The joints between two bodies that are carried already.
    """

    def __init__(self, bodies: Iterable[Body], joints: Iterable[Joint]) -> None:
        self._bodies = list(bodies)
        self.ordered: list[Joint] = []
        self.closing: list[Joint] = []
        self._waiting = [joint for joint in joints if any(body.is_free for body in joint.ends)]
        self._carried_by: dict[Body, Joint] = {}
        self._reached = {body for body in self._bodies if not body.is_free}
        self._grow()
        while self._waiting:
            self._reached.add(self._next_root())
            self._grow()

    def motions(self, built: bool = False) -> dict[Body, Motion]:
        """Forward kinematics of all bodies, from how bodies and joints are placed.

        Args:
            built: Whether to leave free bodies and joints as the scene was built.

        Raises:
            SceneError: If a body is placed that a joint holds, or joints of a loop are placed apart.
        """
        motions = {body: _at_root(body, built) for body in self._bodies}
        for joint in self.ordered:
            motions[joint.child] = _carried(joint, motions[joint.parent], built)
        if not built:
            for joint in self.closing:
                self._require_closed(joint, motions)
        return motions

    def motion_of(self, body: Body) -> Motion:
        """Forward kinematics of one body, from how it and what carries it are placed."""
        joint = self._carried_by.get(body)
        if joint is None:
            return _at_root(body, built=False)
        return _carried(joint, self.motion_of(joint.parent), built=False)

    def path(self, body: Body) -> list[Joint]:
        """The joints that carry a body, from itself to the root of its tree."""
        joints: list[Joint] = []
        while body in self._carried_by:
            joints.append(self._carried_by[body])
            body = joints[-1].parent
        return joints

    def _grow(self) -> None:
        """Reaches all that hangs on what has been reached, nearest first, by springs only as a last resort."""
        while near := self._near(holding=True) or self._near(holding=False)[:1]:
            self._waiting = [joint for joint in self._waiting if joint not in near]
            for joint in near:
                self._add(joint)

    def _near(self, holding: bool) -> list[Joint]:
        reached = self._reached
        return [
            joint
            for joint in self._waiting
            if joint.holds_child == holding and any(body in reached for body in joint.ends)
        ]

    def _add(self, joint: Joint) -> None:
        first, second = joint.ends
        joint.orient(first if first in self._reached else second)
        if joint.child in self._reached:
            self.closing.append(joint)
            return
        self._reached.add(joint.child)
        self._carried_by[joint.child] = joint
        self.ordered.append(joint)

    def _next_root(self) -> Body:
        seconds = {joint.ends[1] for joint in self._waiting}
        firsts = [joint.ends[0] for joint in self._waiting]
        return next((body for body in firsts if body not in seconds), firsts[0])

    def _require_closed(self, joint: Joint, motions: Mapping[Body, Motion]) -> None:
        have_settled = not joint.is_placed and all(motions[body] is body.settled for body in joint.ends)
        if have_settled or joint.fits(motions[joint.parent], motions[joint.child]):
            return
        one, other = self.path(joint.parent), self.path(joint.child)
        loop = ", ".join(repr(each.name) for each in (*one, *other, joint) if not (each in one and each in other))
        raise SceneError(
            f"The joints {loop} form a loop, which is torn apart by how some of them or their bodies are placed. Leave "
            f"the loop as it was built, or take out one of its joints, such as {joint.name!r}."
        )


def _at_root(body: Body, built: bool) -> Motion:
    """How a body begins that nothing carries; one that never moves is there from the beginning."""
    if built and (body.is_free or body.is_kinematic):
        return Motion(body.rest_pose)
    return body.placed or body.settled or Motion(body.rest_pose)


def _carried(joint: Joint, parent: Motion, built: bool) -> Motion:
    """How the child of a joint begins, by how its parent does."""
    child = joint.child
    if built:
        return joint.built_motion(parent)
    if child.placed is None:
        stays = child.settled is not None and parent is joint.parent.settled and not joint.is_placed
        return child.settled if stays and child.settled else joint.child_motion(parent)
    if joint.holds_child:
        raise SceneError(
            f"Body {child.name!r} cannot be placed, for joint {joint.name!r} holds it to {joint.parent.name!r}: "
            "place the joint, or the body that carries all others."
        )
    if not joint.fits(parent, child.placed):
        raise SceneError(
            f"Body {child.name!r} is placed apart from {joint.parent.name!r}, which joint {joint.name!r} holds it to: "
            "place it so that the point of the joint stays where it is, or place both bodies."
        )
    return child.placed
