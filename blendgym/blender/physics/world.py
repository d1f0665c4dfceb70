"""One Blender scene as a physical world: what tasks and parameters act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import bpy
from mathutils import Matrix, Vector

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.joint import Joint, Motion, earlier, parents_first
from blendgym.blender.physics.motor import Motor
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError

LAST_FRAME = 1_048_574  # the highest that Blender's point cache takes
SHORT_CACHE = 4096  # frames; every reset clears a byte for each, and a million would fill the processor's cache
_FIRST_FRAME_OF_EPISODE = 4
JOINT_TYPES = ("HINGE", "SLIDER")

Part = TypeVar("Part")


class World:
    """A scene with its rigid bodies, joints, motors and time.

    One frame of Blender is one control period. An episode begins with ``rest``, goes on with placing joints, then
    ``start``, and then ``advance`` and ``measure`` again and again.

    Args:
        loaded: A scene with a rigid-body world.
        control_rate: Frames per simulated second, in Hz.
        substeps: Physics steps in one frame.

    Raises:
        SceneError: If the scene cannot be simulated like this.
    """

    def __init__(self, loaded: LoadedScene, control_rate: float, substeps: int) -> None:
        self.scene = loaded.scene
        self._loaded = loaded
        self.period = 1.0 / control_rate
        self.frame = 0
        self._substeps = substeps
        self._physics = _rigid_body_world(loaded.scene)
        self._set_time(control_rate)
        self._depsgraph = loaded.updated_depsgraph()
        self._bodies = {body.name: body for body in map(self._body, self._physics.collection.objects) if body}
        self._moving = [body for body in self._bodies.values() if body.active]
        constraints = [obj for obj in self._physics.constraints.objects if obj.rigid_body_constraint]
        joints = [self._joint(obj) for obj in constraints if _type(obj) in JOINT_TYPES]
        self._joints = {joint.name: joint for joint in joints}
        motors = [obj for obj in constraints if _type(obj) == "MOTOR"]
        self._motors = {loaded.name_of(obj): self._motor(obj) for obj in motors}
        self._ordered_joints = parents_first(joints)

    def body(self, name: str) -> Body:
        """The rigid body of that name."""
        return _find(self._bodies, name, "rigid body")

    def joint(self, name: str) -> Joint:
        """The hinge or slider of that name."""
        return _find(self._joints, name, "hinge or slider")

    def motor(self, name: str) -> Motor:
        """The motor of that name."""
        return _find(self._motors, name, "motor")

    def object(self, name: str) -> bpy.types.Object:
        """The object of that name, for what has no name of its own here."""
        return _find(self._loaded.objects, name, "object")

    @property
    def motor_names(self) -> tuple[str, ...]:
        """Names of all motors."""
        return tuple(self._motors)

    @property
    def time(self) -> float:
        """Simulated time since the episode began, in s."""
        return (self.frame - _FIRST_FRAME_OF_EPISODE) * self.period

    @property
    def gravity(self) -> float:
        """Gravitational acceleration along -z, in m/s²."""
        return float(-self.scene.gravity[2])

    @gravity.setter
    def gravity(self, value: float) -> None:
        self.scene.gravity = (0.0, 0.0, -value)

    def rest(self) -> None:
        """Sets every joint to zero and every motor to no force, as the scene was built."""
        for joint in self._joints.values():
            joint.place(0.0)
        for motor in self._motors.values():
            motor.rest()

    def start(self) -> None:
        """Initializes the physics with every joint in the position and at the velocity in which it was placed."""
        self._set_cache(SHORT_CACHE)
        for joint in self._joints.values():
            joint.apply_damping()
        motions = self._motions()
        for joint in self._ordered_joints:
            joint.follow(motions[joint.parent.name])
        for body in self._bodies.values():
            body.hold()
        # Blender rebuilds bodies and constraints in the second frame, where they are then.
        self._move_bodies(motions, frame=1)
        for motor in self._motors.values():
            motor.follow(motions[motor.child.name].pose)
        self._move_bodies(motions, frame=2)
        # Bullet takes the velocity of a body from a frame in which it is moved.
        before = {name: earlier(motion, self.period) for name, motion in motions.items()}
        self._move_bodies(before, frame=3)
        self._move_bodies(motions, frame=_FIRST_FRAME_OF_EPISODE)
        self.frame = _FIRST_FRAME_OF_EPISODE
        for body in self._bodies.values():
            body.release()
        self._depsgraph = self._loaded.depsgraph
        for joint in self._ordered_joints:
            joint.started()

    def advance(self) -> None:
        """Simulates one control period.

        Raises:
            SceneError: At the last frame that Blender can simulate.
        """
        if self.frame >= self._cached_frames:
            self._lengthen_cache()
        self.frame += 1
        self.scene.frame_set(self.frame)

    def measure(self) -> None:
        """Reads where bodies and joints are after a control period."""
        for body in self._moving:
            body.locate(self._depsgraph)
        for joint in self._ordered_joints:
            joint.measure(self.period, self._substeps)

    def swept(self, seconds: float) -> dict[str, tuple[Matrix, Matrix]]:
        """The way of every body over the last moment: its poses some time ago and now, by name."""
        motions = self._motions()
        return {
            body.name: (earlier(motions[body.name], seconds).pose, motions[body.name].pose) for body in self._moving
        }

    def _motions(self) -> dict[str, Motion]:
        """Forward kinematics of all bodies from the state of the joints."""
        still = Vector((0.0, 0.0, 0.0))
        motions = {name: Motion(body.rest_pose, still, still) for name, body in self._bodies.items()}
        for joint in self._ordered_joints:
            motions[joint.child.name] = joint.child_motion(motions[joint.parent.name])
        return motions

    def _move_bodies(self, motions: Mapping[str, Motion], frame: int) -> None:
        for body in self._moving:
            body.move_to(motions[body.name].pose)
        self.scene.frame_set(frame)

    def _set_time(self, control_rate: float) -> None:
        frames_per_second = round(control_rate)
        self.scene.render.fps = frames_per_second
        self.scene.render.fps_base = frames_per_second / control_rate
        self.scene.frame_end = LAST_FRAME
        self._physics.time_scale = 1.0
        self._physics.substeps_per_frame = self._substeps
        self._physics.point_cache.frame_start = 1
        self._physics.enabled = True
        self._set_cache(SHORT_CACHE)

    def _set_cache(self, frames: int) -> None:
        self._physics.point_cache.frame_end = self._cached_frames = frames

    def _lengthen_cache(self) -> None:
        if self.frame >= LAST_FRAME:
            raise SceneError(f"An episode has at most {LAST_FRAME} frames; reset the environment.")
        self._set_cache(min(4 * self._cached_frames, LAST_FRAME))

    def _body(self, obj: bpy.types.Object) -> Body | None:
        return Body(obj, self._loaded.name_of(obj), self._pose(obj)) if obj.rigid_body else None

    def _joint(self, obj: bpy.types.Object) -> Joint:
        return Joint(obj, self._loaded.name_of(obj), self._pose(obj), *self._ends(obj))

    def _motor(self, obj: bpy.types.Object) -> Motor:
        return Motor(obj, self._loaded.name_of(obj), self._pose(obj), self._ends(obj)[1])

    def _pose(self, obj: bpy.types.Object) -> Matrix:
        return self._loaded.evaluated(obj).matrix_world.copy()

    def _ends(self, obj: bpy.types.Object) -> tuple[Body, Body]:
        constraint, name_of = obj.rigid_body_constraint, self._loaded.name_of
        if constraint.object1 is None or constraint.object2 is None:
            raise SceneError(f"Rigid-body constraint {name_of(obj)!r} needs a first and a second object.")
        return self.body(name_of(constraint.object1)), self.body(name_of(constraint.object2))


def _rigid_body_world(scene: bpy.types.Scene) -> bpy.types.RigidBodyWorld:
    physics = scene.rigidbody_world
    if physics is None or physics.collection is None:
        raise SceneError(f"Scene {scene.name!r} has no rigid-body world with a collection of bodies.")
    if physics.constraints is None:
        physics.constraints = bpy.data.collections.new("Rigid Body Constraints")
    return physics


def _type(obj: bpy.types.Object) -> str:
    return str(obj.rigid_body_constraint.type)


def _find(parts: Mapping[str, Part], name: str, kind: str) -> Part:
    if name in parts:
        return parts[name]
    raise SceneError(f"The scene has no {kind} {name!r}; it has {', '.join(parts) or 'none at all'}.")
