"""What a scene brings along for its physics: bodies, joints and motors, freed from what moves them in the file."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from mathutils import Matrix

from blendgym.blender.physics.body import Body
from blendgym.blender.physics.clock import Clock
from blendgym.blender.physics.joint import AxisJoint, Joint
from blendgym.blender.physics.motor import Motor
from blendgym.blender.physics.observer import Observer
from blendgym.blender.physics.poses import Motion, are_close, unscaled
from blendgym.blender.physics.saved_state import free_from_animation, keep_followed, refuse_animated_physics
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError
from blendgym.faults import Faults

SHAPES_OF_FACES = ("CONVEX_HULL", "MESH")
AXIS_JOINTS = ("HINGE", "SLIDER")
OTHER_JOINTS = ("FIXED", "POINT", "GENERIC", "GENERIC_SPRING", "PISTON")


class Assembly:
    """The bodies and constraints of a scene, by name.

    Args:
        loaded: The scene, in its first frame and evaluated.
        observer: Who knows where the bodies are.
        faults: Where all that is wrong with them is collected.

    Attributes:
        bodies: Its rigid bodies, but for parts of compound ones.
        joints: Its constraints that hold two bodies together.
        motors: Its constraints of type Motor.
        constraints: All of them, as Blender has them.
    """

    def __init__(self, loaded: LoadedScene, observer: Observer, faults: Faults) -> None:
        self._loaded, self._observer, self._depsgraph = loaded, observer, loaded.depsgraph
        with faults.collected():
            _require_metres(loaded.scene)
        for fault in _faults_of_time(loaded.scene):
            faults.add(fault)
        self.bodies: dict[str, Body] = {}
        self.joints: dict[str, Joint] = {}
        self.motors: dict[str, Motor] = {}
        self._refused: dict[bpy.types.Object, SceneError] = {}
        self._early: set[Body] = set()
        for obj in filter(is_body, self._objects("collection")):
            with faults.collected():
                self._add_body(obj, loaded.name_of(obj))
        self._built = [(obj, self._pose(obj)) for obj in self._objects("constraints") if obj.rigid_body_constraint]
        self.constraints = [obj.rigid_body_constraint for obj, _ in self._built]

    def take_over(self, clock: Clock, faults: Faults) -> None:
        """Frees bodies and constraints from what moves them in the file, and finds out what the constraints are.

        Args:
            clock: Of the scene.
            faults: Where all that is wrong with them is collected.
        """
        self._early = self._moving_early(clock)
        for body in self.bodies.values():
            body.take_over()
        for obj, pose in self._built:
            with faults.collected():
                self._add_constraint(obj, pose)

    def _objects(self, name: str) -> list[bpy.types.Object]:
        collection = getattr(self._loaded.scene.rigidbody_world, name, None)
        return list(collection.all_objects) if collection else []

    def _add_body(self, obj: bpy.types.Object, name: str) -> None:
        try:
            _require_surface(obj, name, self._depsgraph)
            self.bodies[name] = Body(obj, name, self._pose(obj), self._observer)
        except SceneError as error:
            self._refused[obj] = error
            raise

    def _add_constraint(self, obj: bpy.types.Object, pose: Matrix) -> None:
        constraint, name = obj.rigid_body_constraint, self._loaded.name_of(obj)
        if not constraint.enabled:
            return
        refuse_animated_physics(obj, name)
        if not obj.rigid_body:
            free_from_animation(obj)
            keep_followed(obj, self._loaded.scene)
        first, second = self._ends(constraint, name)
        if constraint.type in AXIS_JOINTS:
            self.joints[name] = AxisJoint(obj, name, pose, first, second)
        elif constraint.type in OTHER_JOINTS:
            self.joints[name] = Joint(obj, name, pose, first, second)
        elif constraint.type == "MOTOR":
            self.motors[name] = Motor(obj, name, pose, first, second)
        else:
            raise SceneError(
                f"Rigid-body constraint {name!r} is of type {constraint.type!r}; blendgym knows "
                f"{', '.join((*AXIS_JOINTS, *OTHER_JOINTS))} and MOTOR."
            )

    def _pose(self, obj: bpy.types.Object) -> Matrix:
        return obj.evaluated_get(self._depsgraph).matrix_world.copy()

    def _ends(self, constraint: bpy.types.RigidBodyConstraint, name: str) -> tuple[Body, Body]:
        objects = constraint.object1, constraint.object2
        if None in objects or objects[0] == objects[1]:
            raise SceneError(f"Rigid-body constraint {name!r} needs a first and a second object, two different ones.")
        bodies = {body.object: body for body in self.bodies.values()}
        for obj in objects:
            if obj in self._refused:
                raise self._refused[obj]
            if obj not in bodies:
                raise SceneError(
                    f"Rigid-body constraint {name!r} is attached to {self._loaded.name_of(obj)!r}, which is no rigid "
                    "body of this scene, or only a part of a compound one: give it Physics > Rigid Body, or name "
                    "another object."
                )
        first, second = bodies[objects[0]], bodies[objects[1]]
        for body in (first, second):
            if body in self._early:
                raise SceneError(
                    f"Rigid-body constraint {name!r} hangs on {body.name!r}, which moves before the simulation begins "
                    f"in frame {self._loaded.first_frame}, so it has no place to be built at: let its keys begin there."
                )
        return first, second

    def _moving_early(self, clock: Clock) -> set[Body]:
        """The bodies that the file has moved before an episode begins, while Blender builds the physics."""
        animated = [body for body in self.bodies.values() if body.is_animated]
        if animated:
            clock.show_lead()
        return {
            body
            for body in animated
            if not are_close(Motion(unscaled(self._pose(body.object))), Motion(body.rest_pose))
        }


def _faults_of_time(scene: bpy.types.Scene) -> Iterator[str]:
    """What would let a scene run at another pace than its task says, or not at all."""
    physics, render = scene.rigidbody_world, scene.render
    if physics and not physics.enabled:
        yield "The rigid-body world is switched off. Switch it on: Scene > Rigid Body World, or remove it."
    if physics and physics.time_scale != 1.0:
        yield (
            f"The rigid-body world has the speed {physics.time_scale:g}; blendgym needs 1. Set it in Scene > Rigid Body"
            " World, and let the task's control_rate say how fast time goes."
        )
    if render.frame_map_old != render.frame_map_new:
        yield (
            f"Time is stretched from {render.frame_map_old} to {render.frame_map_new} frames, which no simulation "
            "follows. Set Output > Frame Rate > Time Stretching to 100 and 100."
        )


def _require_metres(scene: bpy.types.Scene) -> None:
    units = scene.unit_settings
    if units.system != "NONE" and abs(units.scale_length - 1.0) > 1e-6:
        raise SceneError(
            f"Scene {scene.name!r} has a unit scale of {units.scale_length:g}; blendgym needs 1, for Blender's physics "
            "takes its units for metres whatever the scale says. Set Scene > Units > Unit Scale to 1, and scale the "
            "objects instead, with Object > Apply > Scale."
        )


def _require_surface(obj: bpy.types.Object, name: str, depsgraph: bpy.types.Depsgraph) -> None:
    """Blender would give a body whose shape is made of faces that are not there no shape at all, without a word."""
    shape = obj.rigid_body.collision_shape
    if obj.type != "MESH" or shape not in SHAPES_OF_FACES:
        return
    if not obj.data.polygons and not obj.evaluated_get(depsgraph).data.polygons:
        raise SceneError(
            f"Body {name!r} has the collision shape {shape!r}, but its mesh has no faces. Give it some, or a shape "
            "such as 'Box' that needs none."
        )


def is_body(obj: bpy.types.Object) -> bool:
    """Whether an object is a body of its own, not a part of a compound one."""
    return obj.rigid_body is not None and compound_of(obj) is None


def compound_of(obj: bpy.types.Object) -> bpy.types.Object | None:
    """The body that an object is a part of, as Blender has it: a parent with a compound shape."""
    parent = obj.parent
    iscompound_of = parent and parent.rigid_body and parent.rigid_body.collision_shape == "COMPOUND"
    return parent if iscompound_of else None
