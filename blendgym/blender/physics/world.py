"""One Blender scene as a physical world: what tasks and parameters act on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import bpy
import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import ArrayLike, NDArray

from blendgym.blender.looks.moved_camera import MovedCamera
from blendgym.blender.physics.actuators import Actuators
from blendgym.blender.physics.assembly import Assembly, compound_of, is_body
from blendgym.blender.physics.body import Body
from blendgym.blender.physics.clock import Clock
from blendgym.blender.physics.contacts import TOUCHING, Contacts
from blendgym.blender.physics.fields import silenced
from blendgym.blender.physics.gravity import Gravity
from blendgym.blender.physics.hidden import HiddenParts
from blendgym.blender.physics.joint import AxisJoint, Joint
from blendgym.blender.physics.limits import require_slow
from blendgym.blender.physics.motor import Motor
from blendgym.blender.physics.phases import Phase, Schedule
from blendgym.blender.physics.poses import Motion, array_of, earlier, unscaled
from blendgym.blender.physics.rays import cast_ray
from blendgym.blender.physics.saved_state import rewind
from blendgym.blender.physics.servo import Servo
from blendgym.blender.physics.shapes import Shape, shape_of
from blendgym.blender.physics.tracker import Tracker
from blendgym.blender.physics.tree import Trees
from blendgym.blender.physics.wrench import Wrench
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError
from blendgym.faults import Faults
from blendgym.images.captures import SeenObject
from blendgym.names import missing
from blendgym.task import Task
from blendgym.world import Contact, Hit

QUIET = 0.1  # s

Part = TypeVar("Part")

Sight = Callable[[str, int, int, bool], dict[str, SeenObject]]
"""Tells what a camera sees, with a width and a height in pixels, and perhaps how much of each thing is hidden."""


class World:
    """A scene with its rigid bodies, joints, motors and time.

    An episode begins with ``rest``, goes on with placing joints and bodies, then ``start``, and then ``advance`` and
    ``measure`` again and again. All constraints are built where the scene has them, so limits and springs mean what
    they say there, and only then bodies are moved to where they are placed.

    Args:
        loaded: A scene. One without a rigid-body world has no bodies.
        control_rate: Steps per simulated second, in Hz.
        substeps: Physics steps in one frame.
        frames_per_step: Frames of Blender in one step.

    Attributes:
        period: Simulated seconds in one control period.
        schedule: What the task is doing at present.
        has_begun: Whether there has been an episode.
        sight: What tells what cameras see.

    Raises:
        SceneError: If the scene cannot be simulated like this.
    """

    def __init__(self, loaded: LoadedScene, control_rate: float, substeps: int, frames_per_step: int = 1) -> None:
        faults = Faults("The physics of the scene", SceneError)
        self.scene, self.period, self.has_begun = loaded.scene, 1.0 / control_rate, False
        self.sight: Sight | None = None
        self._loaded = loaded
        self._cameras: dict[str, MovedCamera] = {}
        self._frames_per_step, self._substeps = frames_per_step, substeps
        self._physics = loaded.scene.rigidbody_world
        self.schedule = Schedule()
        self._gravity = Gravity(loaded.scene)
        parts = HiddenParts(loaded.scene)
        self._led: list[Body] = []
        rewind(loaded.scene, loaded.first_frame)
        self._depsgraph = loaded.updated_depsgraph()
        assembly = Assembly(loaded, self, faults)
        self._clock = Clock(loaded.scene, loaded.first_frame, control_rate * frames_per_step, substeps)
        self._actuators = Actuators(parts, self, self._clock.period)
        assembly.take_over(self._clock, faults)
        faults.report()
        self._built, self._bodies = assembly.bodies, assembly.bodies
        self._joints, self._motors, self._constraints = assembly.joints, assembly.motors, assembly.constraints
        self._shapes: dict[Body, Shape] = {}
        self._connect()

    def furnish(self, objects: Mapping[str, bpy.types.Object]) -> None:
        """Takes the bodies of a new layout in place of those of the last one.

        Args:
            objects: All that the layout has set up where it begins, by name; some may have no rigid body.
        """
        added = {name: Body(obj, name, obj.matrix_world.copy(), self) for name, obj in objects.items() if is_body(obj)}
        for body in added.values():
            body.take_over()
        self._bodies = self._built | added
        self._actuators.forget()
        self._shapes.clear()
        self._connect()

    def bind(self, task: Task) -> None:
        """Lets a task look up what it uses, and make its actuators.

        Raises:
            SceneError: If it sets what only an episode has.
        """
        self.schedule.phase = Phase.BIND
        task.bind(self)
        for actuator in (*self._motors.values(), *self._actuators.made):
            if not actuator.is_at_rest:
                kind = type(actuator).__name__
                raise SceneError(f"{kind} {actuator.name!r} is set in Task.reset or Task.apply, not in Task.bind.")
        self.schedule.phase = Phase.RESET

    @property
    def bodies(self) -> Mapping[str, Body]:
        """All rigid bodies, by name."""
        return self._bodies

    @property
    def joints(self) -> Mapping[str, Joint]:
        """All joints, by name."""
        return self._joints

    def body(self, name: str) -> Body:
        """The rigid body of that name."""
        obj = self._loaded.objects.get(name)
        whole = compound_of(obj) if obj and name not in self._bodies else None
        if whole:
            raise SceneError(f"{name!r} is part of the compound body {self._loaded.name_of(whole)!r}: ask for that.")
        return self._find(self._bodies, name, "rigid body", "Rigid Body")

    def joint(self, name: str) -> Joint:
        """The joint of that name."""
        return self._find(self._joints, name, "joint", "Rigid Body Constraint, of a type such as Hinge")

    def motor(self, name: str) -> Motor:
        """The motor of that name."""
        return self._find(self._motors, name, "motor", "Rigid Body Constraint, of type Motor")

    def servo(self, joint: str, max_force: float) -> Servo:
        """A servo on a hinge or slider, to be made in ``Task.bind``.

        Args:
            joint: Name of the joint.
            max_force: In N for a slider, in N·m for a hinge.
        """
        self.schedule.require(f"A servo on {joint!r} is made", Phase.BIND)
        driven = self.joint(joint)
        if not isinstance(driven, AxisJoint):
            raise SceneError(f"Joint {joint!r} cannot have a servo: it is neither a hinge nor a slider.")
        return self._actuators.servo(driven, max_force)

    def wrench(self, body: str) -> Wrench:
        """What pushes and turns a body, to be made in ``Task.bind``."""
        self.schedule.require(f"A wrench on {body!r} is made", Phase.BIND)
        pushed = self.body(body)
        return self._actuators.wrench(pushed, lambda: self.motion_of(pushed))

    def object(self, name: str) -> bpy.types.Object:
        """The object of that name, for what has no name of its own here."""
        return self._find(self._loaded.objects, name, "object")

    def camera(self, name: str) -> MovedCamera:
        """The camera of that name."""
        cameras = {name: obj for name, obj in self._loaded.objects.items() if obj.type == "CAMERA"}
        if name not in cameras:
            raise SceneError(missing("camera", name, cameras))
        return self._cameras.setdefault(name, MovedCamera(self._loaded, cameras[name], name, self.schedule))

    def look(self, camera: str, width: int, height: int, visibility: bool = False) -> dict[str, SeenObject]:
        """What is in sight of a camera, by name."""
        if not (self.schedule.is_running and self.sight):
            raise SceneError("Cameras see in a running episode: in Task.observe or Task.outcome, not in Task.reset.")
        return self.sight(camera, width, height, visibility)

    @property
    def motor_names(self) -> tuple[str, ...]:
        """Names of all motors."""
        return tuple(self._motors)

    @property
    def time(self) -> float:
        """Simulated time since the episode began, in s."""
        return self._clock.time

    @property
    def gravity(self) -> float:
        """Gravitational acceleration along -z, in m/s², as the solver has it."""
        return self._gravity.value

    @gravity.setter
    def gravity(self, value: float) -> None:
        self.schedule.require("The gravity is set", Phase.RESET)
        self._gravity.value = value

    def rest(self) -> None:
        """Sets every body and joint as the scene was built, and every motor to no force."""
        self.schedule.phase = Phase.RESET
        self._forget_shapes()
        for body in self._bodies.values():
            body.rest()
        self._led = [body for body in self._led if not body.is_free]
        self._gravity.restore()
        for camera in self._cameras.values():
            camera.rest()
        self._actuators.release()
        for joint in self._joints.values():
            joint.rest()
        for motor in self._motors.values():
            motor.rest()

    def start(self) -> None:
        """Initializes the physics with every body and joint in the position and at the velocity in which it is placed.

        Raises:
            SceneError: If bodies and joints are placed in contradiction, or too fast to be simulated.
        """
        self._forget_shapes()
        for joint in self._joints.values():
            joint.apply_damping()
        built, motions = self._trees.motions(built=True), self._trees.motions()
        for body, motion in motions.items():
            require_slow(motion.velocity, motion.rate, self._clock.period, self._substeps, f"Body {body.name!r}")
        for joint in self._joints.values():
            joint.follow(built[joint.parent])
        for motor in self._motors.values():
            motor.follow(built[motor.base], built[motor.carrier])
        self._actuators.follow(built)
        self._clock.rewind()
        for body in self._bodies.values():
            body.follow_poses()
        try:
            with silenced(self._physics):
                # Blender builds bodies and constraints in the second frame, where they are then.
                self._tick(built)
                self._tick(built)
                # Bullet takes the velocity of a body from a frame in which it is moved.
                self._tick({body: earlier(motion, self._clock.period) for body, motion in motions.items()})
                self._tick(motions)
        finally:
            for body in self._bodies.values():
                body.follow_physics()
        self._begin(motions)

    def settle(self, seconds: float, speed: float = 0.02) -> bool:
        """Simulates, in ``Task.reset``, until everything rests. Then the episode begins at rest, and its time at 0.

        What is placed afterwards begins as it is placed; all else stays where it has settled.

        Args:
            seconds: To wait at most.
            speed: In m/s and rad/s, below which everything has to stay for a tenth of a second.

        Returns:
            Whether everything came to rest in time.

        Raises:
            SceneError: If the time is not finite, a number is negative or NaN, or an episode is under way.
        """
        self.schedule.require("A world settles", Phase.RESET)
        if not (0.0 <= seconds < math.inf and speed >= 0.0):
            raise SceneError(f"A world cannot settle for {seconds} s, down to a speed of {speed}.")
        self.start()
        resting = 0.0
        while self._clock.time < seconds and resting < QUIET:
            self._clock.tick()
            self.measure()
            resting = resting + self._clock.period if self._fastest() < speed else 0.0
        for body in self._bodies.values():
            if not body.is_animated:
                body.placed, body.settled = None, Motion(Matrix(self.pose_of(body).tolist()))
        for joint in self._axis_joints:
            joint.velocity, joint.is_placed = 0.0, False
        self.schedule.phase = Phase.RESET
        return resting >= QUIET

    def advance(self) -> None:
        """Simulates one control period; ``measure`` has to follow.

        Raises:
            SceneError: At the last frame that Blender can simulate.
        """
        for frame in range(self._frames_per_step):
            if frame > 0:
                self.measure()
            self._actuators.update()
            for body in self._led:
                body.go_on((frame + 1) / self._frames_per_step)
            self._clock.tick()

    def measure(self) -> None:
        """Reads where bodies and joints are after a frame."""
        depsgraph = self._depsgraph
        for body in self._jointed:
            body.locate(depsgraph)
        for joint in self._axis_joints:
            joint.measure(self._clock.period, self._substeps)
        if self._tracker:
            self._tracker.record(depsgraph)

    def pose_of(self, body: Body) -> NDArray[np.float64]:
        """(4, 4) where a body is, or where it will be at the beginning of the coming episode."""
        if not self.schedule.is_running:
            return array_of(self._trees.motion_of(body).pose)
        if self._tracker and self._tracker.knows(body):
            return self._tracker.pose_of(body)
        return array_of(unscaled(body.object.evaluated_get(self._depsgraph).matrix_world))

    def velocities_of(self, body: Body) -> NDArray[np.float64]:
        """(6,) linear and angular velocity of a body, or those at the beginning of the coming episode."""
        if self.schedule.is_running and self._tracker and self._tracker.knows(body):
            return self._tracker.velocities_of(body)
        motion = self._trees.motion_of(body)
        return np.array((*motion.velocity, *motion.rate))

    def motion_of(self, body: Body) -> Motion:
        """How a body moves, or will move at the beginning of the coming episode."""
        velocities = self.velocities_of(body).tolist()
        return Motion(Matrix(self.pose_of(body).tolist()), Vector(velocities[:3]), Vector(velocities[3:]))

    def shape_of(self, body: Body) -> Shape:
        """What a body touches others with in the present episode, before it is scaled."""
        if body not in self._shapes:
            self._shapes[body] = shape_of(body.object, self._loaded.updated_depsgraph())
        return self._shapes[body]

    def lead(self, body: Body) -> None:
        """Lets a body go on before every frame of the episode.

        Raises:
            SceneError: If a joint holds it.
        """
        for joint in self._joints.values():
            if body in joint.ends:
                raise SceneError(f"Body {body.name!r} cannot be held: joint {joint.name!r} holds it. Use a servo.")
        if body not in self._led:
            self._led.append(body)

    def forget_motion(self, body: Body) -> None:
        """Takes a body to have rested until the end of the coming frame."""
        if self._tracker and self.schedule.is_running:
            self._tracker.restart(body)

    def contacts(self, bodies: Iterable[str] = (), within: float = TOUCHING) -> list[Contact]:
        """Bodies that touch: one contact for each pair that the solver lets collide and whose surfaces are near."""
        return self._contacts.find({self.body(name) for name in bodies}, within)

    def cast_ray(self, origin: ArrayLike, direction: ArrayLike, distance: float = math.inf) -> Hit | None:
        """What is first met on a ray, of all that is seen."""
        if not self.schedule.is_running:
            raise SceneError("Rays are cast in a running episode: in Task.observe or Task.outcome, not in Task.reset.")
        return cast_ray(self._loaded, origin, direction, distance)

    def swept(self, seconds: float) -> dict[str, tuple[Matrix, Matrix]]:
        """The way of every body over the last moment: its poses some time ago and now, by name."""
        motions = {body.name: self.motion_of(body) for body in self._bodies.values() if body.is_free}
        return {name: (earlier(motion, seconds).pose, motion.pose) for name, motion in motions.items()}

    def _forget_shapes(self) -> None:
        self._shapes.clear()
        self._contacts.forget()

    def _connect(self) -> None:
        """Finds out which body hangs on which, and which are to be measured."""
        self._contacts = Contacts(self, self._bodies.values(), self._constraints)
        self._trees = Trees(self._bodies.values(), self._joints.values())
        self._axis_joints = [
            joint for joint in (*self._trees.ordered, *self._trees.closing) if isinstance(joint, AxisJoint)
        ]
        ends = dict.fromkeys(body for joint in self._axis_joints for body in joint.ends)
        self._jointed = [body for body in ends if body.is_free or body.is_kinematic]
        self._led = [body for body in self._bodies.values() if body.is_kinematic and not body.is_animated]
        tracked = [body for body in self._bodies.values() if self._is_tracked(body)]
        self._tracker = (
            Tracker(self._physics.collection, tracked, self._clock.period, self._substeps) if tracked else None
        )

    def _fastest(self) -> float:
        """The highest speed of a body or joint in the last frame, in m/s or rad/s."""
        speeds = [abs(joint.velocity) for joint in self._axis_joints]
        if self._tracker:
            speeds.append(float(self._tracker.speeds().max(initial=0.0)))
        return max(speeds, default=0.0)

    def _tick(self, motions: Mapping[Body, Motion]) -> None:
        for body, motion in motions.items():
            body.put(motion.pose)
        self._clock.tick()

    def _begin(self, motions: Mapping[Body, Motion]) -> None:
        self._depsgraph = self._loaded.depsgraph
        self.schedule.phase, self.has_begun = Phase.EPISODE, True
        for body, motion in motions.items():
            body.located = motion.pose
        for joint in self._axis_joints:
            joint.started()
        if self._tracker:
            self._tracker.start(motions, self._depsgraph)

    def _is_tracked(self, body: Body) -> bool:
        """Whether the velocity of a body does not follow from its joints."""
        if not body.is_free:
            return bool(body.is_kinematic)
        path = self._trees.path(body)
        return not path or not all(joint.holds_child for joint in path) or path[-1].parent.is_free

    def _find(self, parts: Mapping[str, Part], name: str, kind: str, physics: str = "") -> Part:
        if name in parts:
            return parts[name]
        if name in self._loaded.objects:
            raise SceneError(f"Object {name!r} of the scene is no {kind}: give it Physics > {physics}.")
        raise SceneError(missing(kind, name, parts))
