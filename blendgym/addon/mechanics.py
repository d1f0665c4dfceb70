"""Bodies, joints and motors at a click, with the settings under which simulation is exact."""

from __future__ import annotations

import math
from typing import Literal

import bpy

from blendgym.blender.marks.keeping import require_local
from blendgym.errors import InvalidMarks
from blendgym.scenes import bodies, constraints
from blendgym.scenes.places import Triple

JointKind = Literal["HINGE", "SLIDER", "FIXED", "POINT"]
Axis = Literal["X", "Y", "Z"]

QUARTER = math.pi / 2
X_ALONG: dict[Axis, Triple] = {"X": (0.0, 0.0, 0.0), "Y": (0.0, 0.0, QUARTER), "Z": (0.0, -QUARTER, 0.0)}
"""How an empty is turned whose x axis points along one of the world's: the axis of sliders and motors."""

Z_ALONG: dict[Axis, Triple] = {"X": (0.0, QUARTER, 0.0), "Y": (-QUARTER, 0.0, 0.0), "Z": (0.0, 0.0, 0.0)}
"""Likewise its z axis, about which hinges turn."""


def make_body(scene: bpy.types.Scene, obj: bpy.types.Object, shape: bodies.Shape, mass: float | None) -> None:
    """Makes an object a rigid body, or another one than it is: without damping, margin and sleep.

    Args:
        scene: Of the object. It gets a rigid-body world if it has none.
        obj: A mesh, whose origin becomes the centre of mass.
        shape: Of what touches.
        mass: In kg; ``None`` for one that does not move.

    Raises:
        InvalidMarks: If it is no mesh, or is linked from another file.
    """
    require_local(obj)
    if obj.type != "MESH" or not obj.data.polygons:
        raise InvalidMarks(
            f"Object {obj.name!r} has no faces, so nothing could touch it. Bodies are meshes; convert it first: Object "
            "> Convert > Mesh."
        )
    physics = _world(scene)
    if obj.name in physics.collection.objects:
        physics.collection.objects.unlink(obj)
    bodies.add(scene, obj, shape, mass)
    obj.rigid_body.use_deactivation = False


def make_joint(
    scene: bpy.types.Scene, kind: JointKind, ends: constraints.Ends, axis: Axis, place: Triple, name: str = ""
) -> bpy.types.Object:
    """Joins two bodies.

    Args:
        scene: Of the bodies.
        kind: Of the joint.
        ends: Which carries, and what hangs on it.
        axis: Of the world, along which a slider moves and about which a hinge turns.
        place: Of the joint, in m.
        name: Of the joint; empty for one of its kind and the second body.

    Returns:
        The empty that holds it.

    Raises:
        InvalidMarks: If one of them is no body.
    """
    _require_bodies(ends)
    _world(scene)
    title = name or f"{kind.title()} of {ends[1].name}"
    if kind == "HINGE":
        return constraints.hinge(scene, title, ends, place, Z_ALONG[axis]).id_data
    if kind == "SLIDER":
        return constraints.slider(scene, title, ends, place, X_ALONG[axis]).id_data
    weld = constraints.fixed if kind == "FIXED" else constraints.point
    return weld(scene, title, ends, place).id_data


def make_motor(
    scene: bpy.types.Scene,
    ends: constraints.Ends,
    drives: Literal["force", "torque"],
    axis: Axis,
    place: Triple,
    name: str = "",
) -> bpy.types.Object:
    """Puts a motor between two bodies, which drives nothing until a task does.

    Args:
        scene: Of the bodies.
        ends: Which feels the opposite, and which is driven.
        drives: A force along the axis, or a torque about it.
        axis: Of the world.
        place: Of the motor, in m.
        name: Of the motor; empty for one of the second body.

    Returns:
        The empty that holds it.

    Raises:
        InvalidMarks: If one of them is no body.
    """
    _require_bodies(ends)
    _world(scene)
    title, linear = name or f"Motor of {ends[1].name}", drives == "force"
    made = constraints.motor(scene, title, ends, place, X_ALONG[axis], linear=linear, angular=not linear, collide=False)
    return made.id_data


def _require_bodies(ends: constraints.Ends) -> None:
    for end in ends:
        if end.rigid_body is None:
            raise InvalidMarks(f"Object {end.name!r} is no body. Make it one first; what stands still is one, too.")
    if ends[0] == ends[1]:
        raise InvalidMarks("Two bodies are joined. Select what carries, then what hangs on it.")


def _world(scene: bpy.types.Scene) -> bpy.types.RigidBodyWorld:
    """The rigid-body world of a scene, with collections for its bodies and constraints."""
    require_local(scene)
    physics = scene.rigidbody_world
    if physics is None:
        return bodies.world(scene)
    if physics.collection is None:
        physics.collection = bpy.data.collections.new(f"{scene.name} bodies")
    if physics.constraints is None:
        physics.constraints = bpy.data.collections.new(f"{scene.name} constraints")
    return physics
