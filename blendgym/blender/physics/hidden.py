"""Constraints and bodies that blendgym adds for its own actuators. Nothing of them is seen in any picture."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

MARK = "blendgym actuator"


def hidden_motor(
    scene: bpy.types.Scene, name: str, ends: Sequence[bpy.types.Object], *, angular: bool
) -> bpy.types.Object:
    """Adds a motor, linear or angular, on an empty of its own.

    Args:
        scene: With a rigid-body world.
        name: Of the object.
        ends: First and second object.
        angular: Whether it turns rather than pushes.
    """
    made = bpy.data.objects.new(name, None)
    made[MARK], made.rotation_mode = True, "QUATERNION"
    scene.rigidbody_world.constraints.objects.link(made)
    scene.collection.objects.link(made)  # Blender does not follow the pose of what is in no scene (4.5).
    constraint = made.rigid_body_constraint
    constraint.type = "MOTOR"
    constraint.object1, constraint.object2 = ends
    constraint.use_motor_lin, constraint.use_motor_ang = not angular, angular
    constraint.motor_lin_max_impulse = constraint.motor_ang_max_impulse = 0.0
    return made


def hidden_anchor(scene: bpy.types.Scene, name: str) -> bpy.types.Object:
    """Adds a passive body at the origin that nothing touches, for motors to push themselves off."""
    made = bpy.data.objects.new(name, bpy.data.meshes.new(name))
    made[MARK], made.rotation_mode = True, "QUATERNION"
    scene.rigidbody_world.collection.objects.link(made)
    body = made.rigid_body
    body.type, body.collision_shape, body.collision_collections = "PASSIVE", "SPHERE", (False,) * 20
    return made


def is_hidden(obj: bpy.types.Object) -> bool:
    """Whether blendgym has added an object for its own sake."""
    return MARK in obj


def remove_hidden(physics: bpy.types.RigidBodyWorld) -> None:
    """Takes away all that an earlier world of the same scene has added."""
    collections = physics.collection, physics.constraints
    hidden = {obj for each in collections if each for obj in each.all_objects if is_hidden(obj)}
    bpy.data.batch_remove(hidden | {obj.data for obj in hidden if obj.data})
