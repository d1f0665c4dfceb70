"""Rigid bodies, and the rigid-body world that they live in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import bpy

Shape: TypeAlias = Literal[
    "BOX", "SPHERE", "CAPSULE", "CYLINDER", "CONE", "CONVEX_HULL", "MESH", "COMPOUND"
]  # fmt: skip

GROUPS = 20
"""How many collision groups Blender has: its *collision collections*."""


def world(scene: bpy.types.Scene, solver_iterations: int = 10) -> bpy.types.RigidBodyWorld:
    """Gives the scene a rigid-body world, with collections for its bodies and constraints.

    Args:
        scene: Without one.
        solver_iterations: How often Bullet goes over all contacts and constraints in each physics step.
    """
    with bpy.context.temp_override(scene=scene):
        bpy.ops.rigidbody.world_add()
    physics = scene.rigidbody_world
    physics.solver_iterations = solver_iterations
    physics.collection = bpy.data.collections.new(f"{scene.name} bodies")
    physics.constraints = bpy.data.collections.new(f"{scene.name} constraints")
    return physics


def add(
    scene: bpy.types.Scene, obj: bpy.types.Object, shape: Shape, mass: float | None = None, *,
    friction: float = 0.5, restitution: float = 0.0, linear_damping: float = 0.0, angular_damping: float = 0.0,
    groups: Iterable[int] = (0,), margin: float = 0.0, kinematic: bool = False,
) -> bpy.types.RigidBodyObject:  # fmt: skip
    """Makes an object a rigid body. It touches what it meets, and loses nothing to the air.

    Args:
        scene: With a rigid-body world.
        obj: A mesh object with its origin in its centre of mass. Blender centres boxes, spheres, capsules, cylinders
            and cones at the origin, and takes their size from the bounding box; round ones stand along the z axis.
        shape: Of what touches. A ``"COMPOUND"`` is made of its child objects, which are to be added, too.
        mass: In kg; ``None`` makes the body immovable.
        friction: Coulomb's coefficient, of two bodies that touch the *product* of theirs.
        restitution: Share of the speed that is left after an impact, of two bodies the *product* of theirs.
        linear_damping: Share of the velocity that is lost in a second, from 0 to 1.
        angular_damping: Share of the angular velocity that is lost in a second, from 0 to 1.
        groups: Bodies without a common group, of 0 to 19, pass through each other.
        margin: Distance in m at which surfaces touch; only cones, hulls and meshes grow by it.
        kinematic: Whether the body is moved by keys or by the task, and pushes others without being pushed.
    """
    scene.rigidbody_world.collection.objects.link(obj)
    body = obj.rigid_body
    body.type = "PASSIVE" if mass is None else "ACTIVE"
    body.mass = 1.0 if mass is None else mass
    body.collision_shape = shape
    body.use_margin, body.collision_margin = True, margin
    body.linear_damping, body.angular_damping = linear_damping, angular_damping
    body.friction, body.restitution = friction, restitution
    joined = set(groups)
    body.collision_collections = tuple(group in joined for group in range(GROUPS))
    body.kinematic = kinematic
    return body
