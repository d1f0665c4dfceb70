"""Rigid-body constraints: joints, springs and motors, each on an empty of its own.

The ends are two bodies; angles and positions are those of the second relative to the first. Bodies that a joint holds
together pass through each other, as in other simulators, unless they ``collide``; those that only a spring or a motor
connects do collide. In Blender one constraint that says no is enough for two bodies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import bpy

from blendgym.scenes.places import ORIGIN, Triple, put

Ends: TypeAlias = tuple[bpy.types.Object, bpy.types.Object]
Range: TypeAlias = tuple[float, float]

FREE: Mapping[str, Range] = {}
NONE: Mapping[str, float] = {}


def fixed(
    scene: bpy.types.Scene, name: str, ends: Ends, location: Triple = ORIGIN, *, collide: bool = False
) -> bpy.types.RigidBodyConstraint:
    """Welds two bodies together."""
    return _add(scene, name, "FIXED", ends, (location, ORIGIN), collide)


def point(
    scene: bpy.types.Scene, name: str, ends: Ends, location: Triple = ORIGIN, *, collide: bool = False
) -> bpy.types.RigidBodyConstraint:
    """Joins two bodies in one point (m), about which they turn freely: a ball joint."""
    return _add(scene, name, "POINT", ends, (location, ORIGIN), collide)


def hinge(
    scene: bpy.types.Scene, name: str, ends: Ends, location: Triple = ORIGIN, rotation: Triple = ORIGIN, *,
    limits: Range | None = None, collide: bool = False,
) -> bpy.types.RigidBodyConstraint:  # fmt: skip
    """Lets two bodies turn about one axis: the empty's own z axis.

    Args:
        scene: With a rigid-body world.
        name: Of the empty.
        ends: First and second body.
        location: Of the empty, in m.
        rotation: Of the empty, XYZ Euler angles in rad.
        limits: Least and greatest angle, in rad; ``None`` for a hinge that turns freely.
        collide: Whether the two bodies touch each other.
    """
    made = _add(scene, name, "HINGE", ends, (location, rotation), collide)
    _limit(made, "ang", {} if limits is None else {"z": limits})
    return made


def slider(
    scene: bpy.types.Scene, name: str, ends: Ends, location: Triple = ORIGIN, rotation: Triple = ORIGIN, *,
    limits: Range | None = None, collide: bool = False,
) -> bpy.types.RigidBodyConstraint:  # fmt: skip
    """Lets two bodies slide along one axis: the empty's own x axis.

    Args:
        scene: With a rigid-body world.
        name: Of the empty.
        ends: First and second body.
        location: Of the empty, in m.
        rotation: Of the empty, XYZ Euler angles in rad.
        limits: Least and greatest position, in m; ``None`` for a slider without ends.
        collide: Whether the two bodies touch each other.
    """
    made = _add(scene, name, "SLIDER", ends, (location, rotation), collide)
    _limit(made, "lin", {} if limits is None else {"x": limits})
    return made


def generic(
    scene: bpy.types.Scene, name: str, ends: Ends, location: Triple = ORIGIN, rotation: Triple = ORIGIN, *,
    along: Mapping[str, Range] = FREE, about: Mapping[str, Range] = FREE, collide: bool = False,
) -> bpy.types.RigidBodyConstraint:  # fmt: skip
    """Lets two bodies move along and about the empty's axes as far as limits say, and freely where there are none.

    Args:
        scene: With a rigid-body world.
        name: Of the empty.
        ends: First and second body.
        location: Of the empty, in m.
        rotation: Of the empty, XYZ Euler angles in rad.
        along: Least and greatest position along axes, in m: ``{"x": (0.0, 0.0)}`` holds x.
        about: Least and greatest angle about axes, in rad.
        collide: Whether the two bodies touch each other.
    """
    made = _add(scene, name, "GENERIC", ends, (location, rotation), collide)
    _limit(made, "lin", along)
    _limit(made, "ang", about)
    return made


def spring(
    scene: bpy.types.Scene, name: str, ends: Ends, location: Triple = ORIGIN, rotation: Triple = ORIGIN, *,
    springs_along: Mapping[str, float] = NONE, springs_about: Mapping[str, float] = NONE,
    along: Mapping[str, Range] = FREE, about: Mapping[str, Range] = FREE, collide: bool = True,
) -> bpy.types.RigidBodyConstraint:  # fmt: skip
    """The same with springs, which are relaxed where the bodies were built and lose no energy: damp a body instead.

    Args:
        scene: With a rigid-body world.
        name: Of the empty.
        ends: First and second body.
        location: Of the empty, in m.
        rotation: Of the empty, XYZ Euler angles in rad.
        springs_along: Stiffnesses of springs along axes, in N/m: ``{"z": 100.0}``.
        springs_about: Stiffnesses of springs about axes, in N·m/rad.
        along: Least and greatest position along axes, in m; free where there is none.
        about: Least and greatest angle about axes, in rad; free where there is none.
        collide: Whether the two bodies touch each other.
    """
    made = _add(scene, name, "GENERIC_SPRING", ends, (location, rotation), collide)
    # The newer type, SPRING2, does not push what gravity already accelerates the same way (Blender 4.5).
    made.spring_type = "SPRING1"
    _limit(made, "lin", along)
    _limit(made, "ang", about)
    springs = {**springs_along, **{f"ang_{axis}": stiffness for axis, stiffness in springs_about.items()}}
    for axis, stiffness in springs.items():
        setattr(made, f"use_spring_{axis}", True)
        setattr(made, f"spring_stiffness_{axis}", stiffness)
        setattr(made, f"spring_damping_{axis}", 0.0)
    return made


def motor(
    scene: bpy.types.Scene, name: str, ends: Ends, location: Triple = ORIGIN, rotation: Triple = ORIGIN, *,
    linear: bool = True, angular: bool = False, collide: bool = True,
) -> bpy.types.RigidBodyConstraint:  # fmt: skip
    """What a task drives: a force along the empty's x axis, or a torque about it, on the second body; none at first.

    Args:
        scene: With a rigid-body world.
        name: Of the empty.
        ends: First and second body.
        location: Of the empty, in m.
        rotation: Of the empty, XYZ Euler angles in rad.
        linear: Whether it has a force.
        angular: Whether it has a torque.
        collide: Whether the two bodies touch each other.
    """
    made = _add(scene, name, "MOTOR", ends, (location, rotation), collide)
    made.use_motor_lin, made.use_motor_ang = linear, angular
    made.motor_lin_max_impulse = made.motor_ang_max_impulse = 0.0
    return made


def _add(
    scene: bpy.types.Scene, name: str, kind: str, ends: Ends, place: tuple[Triple, Triple], collide: bool
) -> bpy.types.RigidBodyConstraint:
    empty = put(scene, bpy.data.objects.new(name, None), *place)
    empty.empty_display_size = 0.2
    scene.rigidbody_world.constraints.objects.link(empty)
    made = empty.rigid_body_constraint
    made.type = kind
    made.object1, made.object2 = ends
    made.disable_collisions = not collide
    return made


def _limit(made: bpy.types.RigidBodyConstraint, motion: str, limits: Mapping[str, Range]) -> None:
    for axis, (lower, upper) in limits.items():
        setattr(made, f"use_limit_{motion}_{axis}", True)
        setattr(made, f"limit_{motion}_{axis}_lower", lower)
        setattr(made, f"limit_{motion}_{axis}_upper", upper)
