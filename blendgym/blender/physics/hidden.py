"""Constraints and bodies that blendgym adds for its own actuators. Nothing of them is seen in any picture."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

MARK = "blendgym actuator"


def is_hidden(obj: bpy.types.Object) -> bool:
    """Whether blendgym has added an object for its own sake."""
    return MARK in obj


class HiddenParts:
    """What actuators of a scene are made of. Parts that are not needed leave the scene, and are used again.

    Args:
        scene: Takes over what an earlier world of the same scene has added.
    """

    def __init__(self, scene: bpy.types.Scene) -> None:
        self._scene, self._physics = scene, scene.rigidbody_world
        collections = (self._physics.collection, self._physics.constraints) if self._physics else ()
        self._used = [obj for each in collections if each for obj in each.all_objects if is_hidden(obj)]
        self._motors: list[bpy.types.Object] = []
        self._anchors: list[bpy.types.Object] = []
        self.put_away()

    def motor(self, name: str, ends: Sequence[bpy.types.Object], *, angular: bool) -> bpy.types.Object:
        """Adds a motor, linear or angular, on an empty of its own.

        Args:
            name: Of the object.
            ends: First and second object.
            angular: Whether it turns rather than pushes.
        """
        part = self._motors.pop() if self._motors else _part(name, None)
        part.name = name
        self._constraints().objects.link(part)
        self._scene.collection.objects.link(part)  # Blender does not follow the pose of what is in no scene (4.5).
        self._used.append(part)
        constraint = part.rigid_body_constraint
        constraint.type = "MOTOR"
        constraint.object1, constraint.object2 = ends
        constraint.use_motor_lin, constraint.use_motor_ang = not angular, angular
        constraint.motor_lin_target_velocity = constraint.motor_ang_target_velocity = 0.0
        constraint.motor_lin_max_impulse = constraint.motor_ang_max_impulse = 0.0
        return part

    def anchor(self, name: str) -> bpy.types.Object:
        """Adds a passive body at the origin that nothing touches, for motors to push themselves off."""
        part = self._anchors.pop() if self._anchors else _part(name, bpy.data.meshes.new(name))
        self._physics.collection.objects.link(part)
        self._used.append(part)
        body = part.rigid_body
        body.type, body.collision_shape, body.collision_collections = "PASSIVE", "SPHERE", (False,) * 20
        return part

    def put_away(self) -> None:
        """Takes all parts out of the scene."""
        self._disconnect()
        for part in self._used:
            if part.rigid_body_constraint:
                self._physics.constraints.objects.unlink(part)
                self._scene.collection.objects.unlink(part)
                self._motors.append(part)
            else:
                self._physics.collection.objects.unlink(part)
                self._anchors.append(part)
        self._used.clear()

    def _constraints(self) -> bpy.types.Collection:
        """Those of the scene. Blender makes the collection with the first one."""
        if not self._physics.constraints:
            self._physics.constraints = bpy.data.collections.new("RigidBodyConstraints")
        return self._physics.constraints

    def _disconnect(self) -> None:
        """Lets Blender build its world without the motors.

        A constraint that is deleted or leaves the scene otherwise stays in Bullet's world, which ends in a crash when
        one of its bodies has been freed (4.5).
        """
        motors = [part.rigid_body_constraint for part in self._used if part.rigid_body_constraint]
        if not motors:
            return
        for motor in motors:
            motor.object1 = motor.object2 = None
        cache = self._physics.point_cache
        cache.frame_end = cache.frame_end  # Blender forgets what it has simulated only if something is set.
        for frame in (cache.frame_start, cache.frame_start + 1):
            self._scene.frame_set(frame)


def _part(name: str, data: bpy.types.Mesh | None) -> bpy.types.Object:
    made = bpy.data.objects.new(name, data)
    made[MARK], made.rotation_mode, made.use_fake_user = True, "QUATERNION", True
    return made
