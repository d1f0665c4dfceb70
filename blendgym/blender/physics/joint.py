"""Joints: how they carry their bodies, and how those with one degree of freedom are placed and measured."""

from __future__ import annotations

import math
from collections import deque
from itertools import pairwise
from typing import NoReturn

import bpy
from mathutils import Matrix, Vector

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.phases import Phase
from blendgym.blender.physics.poses import TOLERANCE, Motion, are_close, carried
from blendgym.blender.physics.saved_state import set_pose
from blendgym.errors import SceneError

MAX_DECAY = 13.0  # 1/s; beyond, Blender's single precision rounds 1 - exp(-decay) off by more than 0.2%

LIMITED = {"HINGE": "ang_z", "SLIDER": "lin_x"}
"""Whose limits are those of the joint's one degree of freedom."""
DIFFERENCES = 5  # of mean velocities; a jump disturbs two of them


X, Z = Vector((1.0, 0.0, 0.0)), Vector((0.0, 0.0, 1.0))


def gain_of(substeps: int) -> float:
    """By how much more than the mean velocity of a frame the one at its end has changed, under an even acceleration."""
    return 2 * substeps / (substeps + 1)


class Joint:
    """A rigid-body constraint between two bodies, seen as one that carries the one which hangs on the other.

    This is what all types have in common. It has the bodies where they were built relative to each other, unless the
    one that is carried is placed itself.

    Args:
        obj: The object that carries the constraint.
        name: Of the joint.
        pose: Of that object, as the scene was built.
        first: The constraint's first body.
        second: Its second.

    Attributes:
        built_pose: Of the constraint's object, as the scene was built.
        parent: The body that carries the other.
        child: The body that is carried.
        is_placed: Whether it has been placed since the last ``rest``, or since the world has settled.
    """

    def __init__(self, obj: bpy.types.Object, name: str, pose: Matrix, first: Body, second: Body) -> None:
        self.name, self.kind = name, str(obj.rigid_body_constraint.type)
        self.ends = first, second
        self._object, self.built_pose = obj, pose
        self._constraint = obj.rigid_body_constraint
        self.is_placed = False
        self.orient(first)

    def orient(self, parent: Body) -> None:
        """Says which of the two bodies carries the other."""
        first, second = self.ends
        self.parent, self.child = (first, second) if parent is first else (second, first)
        self._in_parent: Matrix = self.parent.rest_pose.inverted() @ self.built_pose
        self._child_in_joint: Matrix = self.built_pose.inverted() @ self.child.rest_pose

    @property
    def holds_child(self) -> bool:
        """Whether the state of the joint says where its child is, so that this cannot be placed by itself."""
        return self.kind == "FIXED"

    @property
    def position(self) -> float:
        """Only hinges and sliders have one."""
        self._refuse("has no single position or velocity; observe the poses of its bodies")

    @property
    def velocity(self) -> float:
        """Only hinges and sliders have one."""
        self._refuse("has no single position or velocity; observe the velocities of its bodies")

    @property
    def damping(self) -> float:
        """Only hinges and sliders have one."""
        self._refuse("has no damping of its own")

    @damping.setter
    def damping(self, value: float) -> None:
        self._refuse(f"cannot have damping {value:g}")

    def place(self, position: float, velocity: float = 0.0) -> None:
        """Only hinges and sliders can be placed.

        Raises:
            SceneError: Always.
        """
        self._refuse(f"cannot be placed at {position} with velocity {velocity}; place its bodies")

    def limit(self, side: str) -> float:
        """The ``"lower"`` or ``"upper"`` limit of a hinge (rad) or slider (m).

        Raises:
            SceneError: If it is of another type, or has no limits.
        """
        return float(getattr(self._constraint, self._limit(side)))

    def set_limit(self, side: str, value: float) -> None:
        """Sets the ``"lower"`` or ``"upper"`` limit of a hinge (rad) or slider (m), before an episode begins."""
        self._require_reset("A limit")
        setattr(self._constraint, self._limit(side), value)

    def stiffness(self, axis: str) -> float:
        """The stiffness of a spring along an axis (``"x"``: N/m) or about one (``"ang_x"``: N·m/rad).

        Raises:
            SceneError: If there is no such spring.
        """
        return float(getattr(self._constraint, self._stiffness(axis)))

    def set_stiffness(self, axis: str, value: float) -> None:
        """Sets the stiffness of a spring, before an episode begins."""
        self._require_reset("The stiffness")
        setattr(self._constraint, self._stiffness(axis), value)

    def rest(self) -> None:
        """Sets the joint as the scene was built."""
        self.is_placed = False

    def apply_damping(self) -> None:
        """Puts the damping into effect."""

    def built_motion(self, parent: Motion) -> Motion:
        """How the child moves with its parent, if the joint is as the scene was built."""
        return carried(parent, parent.pose @ self._parent_offset() @ self._child_offset())

    def child_motion(self, parent: Motion) -> Motion:
        """Forward kinematics: how the child moves, by the motion of the parent and the state of the joint."""
        return self.built_motion(parent)

    def fits(self, parent: Motion, child: Motion) -> bool:
        """Whether its two bodies, moving like this, are held together by the joint as it is placed."""
        if self.kind == "FIXED":
            return are_close(self.built_motion(parent), child)
        if self.kind != "POINT":
            return True
        point, other = parent.pose @ self._parent_offset(), child.pose @ self._child_offset().inverted()
        return bool((point.to_translation() - other.to_translation()).length <= TOLERANCE)

    def follow(self, parent: Motion) -> None:
        """Moves the constraint's own object to where the joint is, for the physics to be built there."""
        if not self._object.rigid_body:  # Or it is one of the bodies.
            set_pose(self._object, parent.pose @ self._parent_offset())

    def started(self) -> None:
        """Prepares measuring, now that the bodies are in the pose in which the episode begins."""

    def _parent_offset(self) -> Matrix:
        """From the joint's frame to its parent's, whose mesh may be stretched."""
        offset = self._in_parent.copy()
        offset.translation = self.parent.stretched(offset.to_translation())
        return offset

    def _child_offset(self) -> Matrix:
        """From the child's frame to the joint's; the child's mesh may be stretched, too."""
        rotation = self._child_in_joint.to_quaternion()
        offset = self.child.stretched(rotation.inverted() @ self._child_in_joint.to_translation())
        return Matrix.LocRotScale(rotation @ offset, rotation, None)

    def _limit(self, side: str) -> str:
        axis = LIMITED.get(self.kind)
        if axis is None:
            self._refuse("has no limits that parameters can set; hinges and sliders have")
        if not getattr(self._constraint, f"use_limit_{axis}"):
            self._refuse("has no limits; switch on Rigid Body Constraint > Limits")
        return f"limit_{axis}_{side}"

    def _stiffness(self, axis: str) -> str:
        if self.kind != "GENERIC_SPRING" or not getattr(self._constraint, f"use_spring_{axis}", False):
            self._refuse(f"has no spring {axis!r}; only a 'Generic Spring' has, where it is switched on")
        return f"spring_stiffness_{axis}"

    def _require_reset(self, what: str) -> None:
        """Makes sure that an episode is about to begin, which is when something of the joint can be set."""
        self.child.require(f"{what} of joint {self.name!r} is set", Phase.RESET)

    def _refuse(self, why: str) -> NoReturn:
        raise SceneError(f"Joint {self.name!r} is of type {self.kind.replace('_', ' ').title()!r}: it {why}.")


class AxisJoint(Joint):
    """A slider along the joint's own x axis, or a hinge about its own z axis.

    Position and velocity are those of the constraint's second object relative to its first, zero in the pose in which
    the scene was built: m and m/s for a slider, rad (not wrapped) and rad/s for a hinge.
    """

    position, velocity = 0.0, 0.0
    is_driven = False
    """Whether a servo drives it, so that its velocity jumps."""

    def __init__(self, obj: bpy.types.Object, name: str, pose: Matrix, first: Body, second: Body) -> None:
        self.is_hinge = obj.rigid_body_constraint.type == "HINGE"
        self._damping: float | None = None
        self._means = deque[float]()
        self._from_static_parent: Matrix | None = None
        self._mark = Vector((1.0, 0.0, 0.0, 0.0))
        super().__init__(obj, name, pose, first, second)

    def orient(self, parent: Body) -> None:
        """Says which of the two bodies carries the other; the sign of the position stays."""
        super().orient(parent)
        self._sign = 1.0 if self.child is self.ends[1] else -1.0

    @property
    def holds_child(self) -> bool:
        """Always: it is placed, and its child with it."""
        return True

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
        self._require_reset("The damping")
        self._damping = value

    def place(self, position: float, velocity: float = 0.0) -> None:
        """Sets the state in which the episode begins: m and m/s for a slider, rad and rad/s for a hinge.

        Raises:
            SceneError: If a number is not finite, or an episode is under way.
        """
        self.child.require(f"Joint {self.name!r} is placed", Phase.RESET)
        position, velocity = float(position), float(velocity)
        if not (math.isfinite(position) and math.isfinite(velocity)):
            raise SceneError(f"Joint {self.name!r} cannot be placed at {position} with velocity {velocity}.")
        self.position, self.velocity, self.is_placed = position, velocity, True

    def rest(self) -> None:
        """Sets position and velocity to zero."""
        super().rest()
        self.position, self.velocity = 0.0, 0.0

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
        if self.is_hinge:
            body.angular_damping = share
        else:
            body.linear_damping = share

    def child_motion(self, parent: Motion) -> Motion:
        """Forward kinematics: how the child moves, by the motion of the parent and the state of the joint."""
        frame = parent.pose @ self._parent_offset() @ self._displacement()
        pose = frame @ self._child_offset()
        rotation, speed = frame.to_quaternion(), self._sign * self.velocity
        along = carried(parent, pose)
        if not self.is_hinge:
            return along._replace(velocity=along.velocity + (rotation @ X) * speed)
        spin = (rotation @ Z) * speed
        arm = pose.to_translation() - frame.to_translation()
        return Motion(pose, along.velocity + spin.cross(arm), along.rate + spin)

    def fits(self, parent: Motion, child: Motion) -> bool:
        """Whether its two bodies, moving like this, are held together by the joint as it is placed."""
        return are_close(self.child_motion(parent), child)

    def started(self) -> None:
        """Prepares measuring, now that the bodies are in the pose in which the episode begins."""
        self._on_parent = self._parent_offset()
        # All that is looked at in every frame: a direction in the child that turns with it, or a point that moves.
        self._mark = self._child_offset().inverted().col[0 if self.is_hinge else 3].copy()
        self._means = deque([self.velocity] * (DIFFERENCES + 1), maxlen=DIFFERENCES + 1)
        is_static = not (self.parent.is_free or self.parent.is_kinematic)
        self._from_static_parent = self._from_parent() if is_static else None

    def measure(self, period: float, substeps: int, gain: float) -> None:
        """Reads the position after a frame, and derives the velocity at its end.

        Bullet integrates semi-implicitly: under an acceleration a that is constant over a frame of n substeps, the
        mean velocity of the frame is v + a·t·(n + 1) / 2n, the final one v + a·t. Solving for the latter is exact
        there, and errors of earlier frames shrink by (n - 1) / (n + 1) in each frame.

        Args:
            period: Seconds in the frame.
            substeps: Physics steps in it.
            gain: ``gain_of(substeps)``.
        """
        before = self.position
        seen = (self._from_static_parent or self._from_parent()) @ self.child.located @ self._mark
        if self.is_hinge:
            angle = self._sign * math.atan2(seen[1], seen[0])
            position = before + math.remainder(angle - before, math.tau)
        else:
            position = self._sign * seen[0]
        mean = (position - before) / period
        if self.is_driven:
            self.velocity = self._velocity_after(mean, substeps)
        else:
            self.velocity += (mean - self.velocity) * gain
        self.position = position

    def _velocity_after(self, mean: float, substeps: int) -> float:
        """The velocity at the end of a frame, by an acceleration that jumps do not disturb, as bodies are measured."""
        self._means.append(mean)
        gains = sorted(after - before for before, after in pairwise(self._means))
        return mean + gains[len(gains) // 2] * (substeps - 1) / (2 * substeps)

    def _from_parent(self) -> Matrix:
        return (self.parent.located @ self._on_parent).inverted()

    def _displacement(self) -> Matrix:
        if self.is_hinge:
            return Matrix.Rotation(self._sign * self.position, 4, Z)
        return Matrix.Translation(X * (self._sign * self.position))

    def _damped_share(self) -> float:
        body = self.child.object.rigid_body
        return float(body.angular_damping if self.is_hinge else body.linear_damping)

    def _damped_inertia(self) -> float:
        if not self.is_hinge:
            return self.child.mass
        axis = self._child_in_joint.to_quaternion().inverted() @ Z
        return float(sum(moment * share**2 for moment, share in zip(self.child.inertia, axis, strict=True)))
