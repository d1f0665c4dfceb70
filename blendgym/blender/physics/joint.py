"""A joint with one degree of freedom, and the kinematics of the tree that the joints of a scene form."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import bpy
from mathutils import Matrix, Quaternion, Vector

from blendgym.blender.physics.body import Body
from blendgym.errors import SceneError

MAX_DECAY = 13.0  # 1/s; beyond, Blender's single precision rounds 1 - exp(-decay) off by more than 0.2%

X, Z = Vector((1.0, 0.0, 0.0)), Vector((0.0, 0.0, 1.0))


class Motion(NamedTuple):
    """Where a body is, and how it moves, in the frame of the world.

    Args:
        pose: 4×4 matrix from the body's frame to the world's.
        velocity: Of the centre of mass, in m/s.
        rate: Angular velocity, in rad/s.
    """

    pose: Matrix
    velocity: Vector
    rate: Vector


class Joint:
    """A slider along the joint's own x axis, or a hinge about its own z axis.

    Position and velocity are those of the child relative to the parent, zero in the pose in which the scene was
    built: m and m/s for a slider, rad (not wrapped) and rad/s for a hinge.

    Args:
        obj: The object that carries the rigid-body constraint.
        name: Of the joint.
        pose: Of that object, as the scene was built.
        parent: Its first body.
        child: Its second body.
    """

    def __init__(self, obj: bpy.types.Object, name: str, pose: Matrix, parent: Body, child: Body) -> None:
        self.name, self.parent, self.child = name, parent, child
        self.position, self.velocity = 0.0, 0.0
        self._damping: float | None = None
        self._object = obj
        self._is_hinge = obj.rigid_body_constraint.type == "HINGE"
        self._in_parent: Matrix = parent.rest_pose.inverted() @ pose
        self._child_in_joint: Matrix = pose.inverted() @ child.rest_pose
        self._to_child_rest = self._child_in_joint.inverted()
        self._from_static_parent: Matrix | None = None
        obj.rotation_mode = "QUATERNION"

    @property
    def damping(self) -> float:
        """Viscous damping, read back from the child's body: N·s/m for a slider, N·m·s/rad for a hinge.

        It acts on the motion of the child itself, which is that of the joint as long as the parent does not rotate
        (hinge) or does not move along the axis (slider).
        """
        damping = self._damped_share()
        return 0.0 if damping == 0.0 else -math.log1p(-damping) * self._damped_inertia()

    @damping.setter
    def damping(self, value: float) -> None:
        self._damping = value

    def place(self, position: float, velocity: float = 0.0) -> None:
        """Sets the state in which the episode begins: m and m/s for a slider, rad and rad/s for a hinge."""
        self.position, self.velocity = float(position), float(velocity)

    def apply_damping(self) -> None:
        """Puts the damping into effect. It depends on the mass and shape of the child, so those come first.

        Bullet scales a body's velocity by (1 - d)^t, which is the solution of m·dv/dt = -b·v for d = 1 - exp(-b/m).
        """
        if self._damping is None:
            return
        decay = self._damping / self._damped_inertia()
        if decay > MAX_DECAY:
            raise SceneError(
                f"Joint {self.name!r} cannot have damping {self._damping:g}: with the mass and shape of its child "
                f"{self.child.name!r} Blender can represent at most {MAX_DECAY * self._damped_inertia():g}."
            )
        share = -math.expm1(-decay)
        body = self.child.object.rigid_body
        if self._is_hinge:
            body.angular_damping = share
        else:
            body.linear_damping = share

    def child_motion(self, parent: Motion) -> Motion:
        """Forward kinematics: how the child moves, by the motion of the parent and the state of the joint."""
        frame = self._frame(parent)
        pose = frame @ self._child_offset()
        rotation = frame.to_quaternion()
        lever = pose.to_translation() - parent.pose.to_translation()
        carried = parent.velocity + parent.rate.cross(lever)
        if not self._is_hinge:
            return Motion(pose, carried + (rotation @ X) * self.velocity, parent.rate)
        spin = (rotation @ Z) * self.velocity
        arm = pose.to_translation() - frame.to_translation()
        return Motion(pose, carried + spin.cross(arm), parent.rate + spin)

    def follow(self, parent: Motion) -> None:
        """Moves the constraint's own object to where the joint is, for the physics to be built there."""
        frame = self._frame(parent)
        self._object.location = frame.to_translation()
        self._object.rotation_quaternion = frame.to_quaternion()
        self._to_child_rest = self._child_offset().inverted()

    def started(self) -> None:
        """Prepares measuring, now that the bodies are in the pose in which the episode begins."""
        self._from_static_parent = None if self.parent.active else self._from_parent()

    def measure(self, period: float, substeps: int) -> None:
        """Reads the position after a frame, and derives the velocity at its end.

        Bullet integrates semi-implicitly: under an acceleration a that is constant over a frame of n substeps, the
        mean velocity of the frame is v + a·t·(n + 1) / 2n, the final one v + a·t. Solving for the latter is exact
        there, and errors of earlier frames shrink by (n - 1) / (n + 1) in each frame.
        """
        from_parent = self._from_static_parent or self._from_parent()
        displacement = from_parent @ self.child.pose @ self._to_child_rest
        position = displacement[0][3]
        if self._is_hinge:
            angle = math.atan2(displacement[1][0], displacement[0][0])
            position = self.position + math.remainder(angle - self.position, math.tau)
        mean = (position - self.position) / period
        self.velocity += (mean - self.velocity) * (2 * substeps / (substeps + 1))
        self.position = position

    def _from_parent(self) -> Matrix:
        return (self.parent.pose @ self._in_parent).inverted()

    def _frame(self, parent: Motion) -> Matrix:
        return parent.pose @ self._in_parent @ self._displacement()

    def _displacement(self) -> Matrix:
        if self._is_hinge:
            return Matrix.Rotation(self.position, 4, Z)
        return Matrix.Translation(X * self.position)

    def _child_offset(self) -> Matrix:
        rotation = self._child_in_joint.to_quaternion()
        offset = self.child.stretched(rotation.inverted() @ self._child_in_joint.to_translation())
        return Matrix.LocRotScale(rotation @ offset, rotation, None)

    def _damped_share(self) -> float:
        body = self.child.object.rigid_body
        return float(body.angular_damping if self._is_hinge else body.linear_damping)

    def _damped_inertia(self) -> float:
        if not self._is_hinge:
            return self.child.mass
        return self.child.inertia(self._child_in_joint.to_quaternion().inverted() @ Z)


def parents_first(joints: Iterable[Joint]) -> list[Joint]:
    """The joints in an order in which forward kinematics can be computed.

    Raises:
        SceneError: If they do not form trees.
    """
    waiting, ordered = list(joints), list[Joint]()
    while waiting:
        moved = {joint.child.name for joint in waiting}
        ready = [joint for joint in waiting if joint.parent.name not in moved]
        if not ready:
            raise SceneError(f"The joints {', '.join(joint.name for joint in waiting)} form a closed loop.")
        ordered += ready
        waiting = [joint for joint in waiting if joint not in ready]
    if len({joint.child.name for joint in ordered}) < len(ordered):
        raise SceneError("A body is the second object of two joints; the joints of a scene must form trees.")
    return ordered


def earlier(motion: Motion, seconds: float) -> Motion:
    """Where a body with this motion was some time ago, if it kept its velocities."""
    location, rotation, _ = motion.pose.decompose()
    turned = Quaternion(motion.rate.normalized(), -motion.rate.length * seconds) @ rotation
    return motion._replace(pose=Matrix.LocRotScale(location - motion.velocity * seconds, turned, None))
