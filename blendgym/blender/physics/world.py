"""One Blender scene as a physical world: what tasks and parameters act on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import bpy
from numpy.typing import ArrayLike

from blendgym.blender.looks.moved_camera import MovedCamera
from blendgym.blender.looks.reshaped_mesh import ReshapedMesh
from blendgym.blender.physics.actuators import Actuators
from blendgym.blender.physics.assembly import Assembly, compound_of, is_body
from blendgym.blender.physics.beginning import Beginning
from blendgym.blender.physics.body import Body
from blendgym.blender.physics.clock import Clock
from blendgym.blender.physics.contacts import TOUCHING, Contacts
from blendgym.blender.physics.gravity import Gravity
from blendgym.blender.physics.hidden import HiddenParts
from blendgym.blender.physics.joint import AxisJoint, Joint
from blendgym.blender.physics.kinematics import Kinematics
from blendgym.blender.physics.limits import require_short_steps
from blendgym.blender.physics.motor import Motor
from blendgym.blender.physics.phases import Phase, Schedule
from blendgym.blender.physics.rays import cast_ray
from blendgym.blender.physics.saved_state import rewind
from blendgym.blender.physics.servo import Servo
from blendgym.blender.physics.wrench import Wrench
from blendgym.blender.scenes import LoadedScene
from blendgym.errors import SceneError
from blendgym.faults import Faults
from blendgym.images.captures import SeenObject
from blendgym.names import missing
from blendgym.task import Task
from blendgym.world import Contact, Hit

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
        sight: What tells what cameras see.
        measure: Reads where bodies and joints are after a frame.
        swept: Tells the way of every body over the seconds until now: its poses then and now, by name.

    Raises:
        SceneError: If the scene cannot be simulated like this.
    """

    def __init__(self, loaded: LoadedScene, control_rate: float, substeps: int, frames_per_step: int = 1) -> None:
        faults = Faults("The physics of the scene", SceneError)
        self.scene, self.period = loaded.scene, 1.0 / control_rate
        self.sight: Sight | None = None
        self._loaded, self._frames_per_step = loaded, frames_per_step
        self._cameras: dict[str, MovedCamera] = {}
        self._meshes: dict[str, ReshapedMesh] = {}
        self.schedule = Schedule()
        self._gravity = Gravity(loaded.scene)
        parts = HiddenParts(loaded.scene)
        rewind(loaded.scene, loaded.first_frame)
        loaded.updated_depsgraph()
        frame_rate = control_rate * frames_per_step
        self._kinematics = Kinematics(loaded, self.schedule, 1.0 / frame_rate, substeps)
        self.measure, self.swept = self._kinematics.measure, self._kinematics.swept
        assembly = Assembly(loaded, self._kinematics, faults)
        self._clock = Clock(loaded.scene, loaded.first_frame, frame_rate, substeps)
        self._actuators = Actuators(parts, self._kinematics, self._clock.period)
        assembly.take_over(self._clock, faults)
        faults.report()
        self._built, self._constraints = assembly.bodies, assembly.constraints
        self._joints, self._motors = assembly.joints, assembly.motors
        self._beginning = Beginning(
            loaded.scene.rigidbody_world, self._kinematics, self._motors.values(), self._actuators, self._clock
        )
        self._substeps = substeps
        self._require_short_steps(assembly.bodies)
        self._connect(assembly.bodies)

    def furnish(self, objects: Mapping[str, bpy.types.Object]) -> None:
        """Takes the bodies of a new layout in place of those of the last one.

        Args:
            objects: All that the layout has set up where it begins, by name; some may have no rigid body.
        """
        added = {
            name: Body(obj, name, obj.matrix_world.copy(), self._kinematics)
            for name, obj in objects.items()
            if is_body(obj)
        }
        self._require_short_steps(added)
        for body in added.values():
            body.take_over()
        self._actuators.forget()
        self._connect(self._built | added)

    def _require_short_steps(self, bodies: Mapping[str, Body]) -> None:
        if any(body.is_free for body in bodies.values()):
            require_short_steps(self._clock.period, self._substeps, self._frames_per_step)

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
        driven = self.joint(joint)
        self.schedule.require(f"A servo on {joint!r} is made", Phase.BIND)
        if not isinstance(driven, AxisJoint):
            raise SceneError(f"Joint {joint!r} cannot have a servo: it is neither a hinge nor a slider.")
        return self._actuators.servo(driven, max_force)

    def wrench(self, body: str) -> Wrench:
        """What pushes and turns a body, to be made in ``Task.bind``."""
        pushed = self.body(body)
        self.schedule.require(f"A wrench on {body!r} is made", Phase.BIND)
        return self._actuators.wrench(pushed, lambda: self._kinematics.motion_of(pushed))

    def object(self, name: str) -> bpy.types.Object:
        """The object of that name, for what has no name of its own here."""
        return self._find(self._loaded.objects, name, "object")

    def camera(self, name: str) -> MovedCamera:
        """The camera of that name."""
        obj = self._find(self._loaded.of_type("CAMERA"), name, "camera")
        return self._cameras.setdefault(name, MovedCamera(self._loaded, obj, name, self.schedule))

    def mesh(self, name: str) -> ReshapedMesh:
        """The mesh of the object of that name."""
        obj = self._find(self._loaded.of_type("MESH"), name, "mesh")
        return self._meshes.setdefault(name, ReshapedMesh(self._loaded, obj, name, self.schedule))

    def look(self, camera: str, width: int, height: int, visibility: bool = False) -> dict[str, SeenObject]:
        """What is in sight of a camera, by name."""
        if not (self.schedule.is_running and self.sight):
            raise SceneError("Cameras see in a running episode: in Task.observe or Task.outcome, not in Task.reset.")
        return self.sight(camera, width, height, visibility)

    @property
    def has_begun(self) -> bool:
        """Whether there has been an episode."""
        return self._beginning.has_begun

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
        self._kinematics.rest()
        self._gravity.restore()
        for camera in self._cameras.values():
            camera.rest()
        while self._meshes:  # Layouts have other objects under the same names.
            self._meshes.popitem()[1].rest()
        self._actuators.release()
        for motor in self._motors.values():
            motor.rest()

    def start(self) -> None:
        """Initializes the physics with every body and joint in the position and at the velocity in which it is placed.

        Raises:
            SceneError: If bodies and joints are placed in contradiction, or too fast to be simulated.
        """
        self._forget_shapes()
        self._beginning.start()

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
        self._forget_shapes()
        return self._beginning.settle(seconds, speed)

    def advance(self) -> None:
        """Simulates one control period; ``measure`` has to follow.

        Raises:
            SceneError: At the last frame that Blender can simulate.
        """
        for frame in range(self._frames_per_step):
            if frame > 0:
                self.measure()
            self._actuators.update()
            for guide in self._kinematics.guides:
                guide.go_on((frame + 1) / self._frames_per_step)
            self._clock.tick()

    def contacts(self, bodies: Iterable[str] = (), within: float = TOUCHING) -> list[Contact]:
        """Bodies that touch: one contact for each pair that the solver lets collide and whose surfaces are near."""
        if isinstance(bodies, str):
            raise SceneError(f"Contacts are those of a list of bodies; got {bodies!r}. Write [{bodies!r}].")
        return self._contacts.find({self.body(name) for name in bodies}, within)

    def cast_ray(self, origin: ArrayLike, direction: ArrayLike, distance: float = math.inf) -> Hit | None:
        """What is first met on a ray, of all that is seen."""
        if not self.schedule.is_running:
            raise SceneError("Rays are cast in a running episode: in Task.observe or Task.outcome, not in Task.reset.")
        return cast_ray(self._loaded, origin, direction, distance)

    def _connect(self, bodies: Mapping[str, Body]) -> None:
        """Takes these for the bodies of the scene."""
        self._bodies = bodies
        self._kinematics.connect(bodies.values(), self._joints.values())
        self._contacts = Contacts(self._kinematics, bodies.values(), self._constraints)

    def _forget_shapes(self) -> None:
        self._kinematics.forget_shapes()
        self._contacts.forget()

    def _find(self, parts: Mapping[str, Part], name: str, kind: str, physics: str = "") -> Part:
        if not isinstance(name, str):
            raise SceneError(f"A {kind} is asked for by its name in Blender; got {name!r:.80}.")
        if name in parts:
            return parts[name]
        if physics and name in self._loaded.objects:
            raise SceneError(f"Object {name!r} of the scene is no {kind}: give it Physics > {physics}.")
        raise SceneError(missing(kind, name, parts))
