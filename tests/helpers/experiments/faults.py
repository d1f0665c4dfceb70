"""Scenes with faults."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import bpy

from blendgym.task import Task
from blendgym.world import Pose, World
from experiments.stage import Stage, begin, message, message_if_any, play


def many() -> str:
    """What is said of a scene in which a lot is wrong."""
    stage = Stage()
    stage.scene.unit_settings.system, stage.scene.unit_settings.scale_length = "METRIC", 0.01
    good, mirrored, plain = stage.box("Good"), stage.box("Mirrored"), stage.empty("Plain")
    mirrored.scale = (-1.0, 1.0, 1.0)
    keyed = stage.box("Keyed")
    keyed.keyframe_insert("rigid_body.mass", frame=1)
    stage.constraint("Alone", "HINGE", (good, None))
    stage.constraint("Astray", "HINGE", (good, plain))
    stage.constraint("Mirror hinge", "HINGE", (good, mirrored))
    stage.constraint("Off", "MOTOR", (good, keyed)).rigid_body_constraint.use_motor_lin = False
    bpy.context.view_layer.update()
    return message(stage.world)


def off_the_pace() -> str:
    """What is said of a scene whose time goes at another pace than a task says, or not at all."""
    stage = Stage()
    stage.box("Good")
    stage.physics.enabled, stage.physics.time_scale = False, 0.5
    stage.scene.render.frame_map_new = 200
    return message(stage.world)


def without_faces(shape: str) -> str:
    """What is said of a body whose mesh has two vertices, no face, and a collision shape that needs some."""
    stage = Stage()
    stage.box("Good")
    bare = stage.box("Bare", (1.0, 0.0, 0.0), collision_shape=shape)
    bare.data.clear_geometry()
    bare.data.vertices.add(2)
    bpy.context.view_layer.update()

    def use() -> None:
        world = stage.world()
        begin(world)
        play(world, 0.5)

    return message(use)


def number_of_a_body(setting: str, value: float) -> str:
    """What a body says to a number that Blender does not take."""
    stage = Stage()
    stage.box("Body")
    world = stage.world()
    world.rest()
    body = world.body("Body")
    return message(lambda: setattr(body, setting, value))


def motor_without_number() -> list[str]:
    """What a motor says to forces and torques that are no numbers."""
    stage = Stage()
    ends = stage.box("Track", type="PASSIVE"), stage.box("Cart", (2.0, 0.0, 0.0))
    stage.constraint("Motor", "MOTOR", ends, use_motor_ang=True)
    motor = stage.world().motor("Motor")
    wrong = [(kind, value) for kind in ("force", "torque") for value in (float("nan"), float("inf"))]
    return [message(partial(setattr, motor, kind, value)) for kind, value in wrong]


class Machine:
    """A world with one of everything that a task can set."""

    def __init__(self) -> None:
        stage = Stage()
        post, arm = stage.box("Post", type="PASSIVE"), stage.box("Arm", (2.0, 0.0, 0.0))
        stage.constraint("Hinge", "HINGE", (post, arm), use_limit_ang_z=True)
        stage.constraint("Motor", "MOTOR", (post, arm), use_motor_ang=True)
        stage.box("Belt", (0.0, 0.0, -2.0), type="PASSIVE", kinematic=True)
        stage.box("Free", (0.0, 0.0, 5.0))
        stage.scene.collection.objects.link(bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera")))
        self.world = world = stage.world()
        self.body, self.belt, self.free = world.body("Arm"), world.body("Belt"), world.body("Free")
        camera = world.camera("Camera")
        joint, motor = world.joint("Hinge"), world.motor("Motor")
        servo, wrench = world.servo("Hinge", 1.0), world.wrench("Arm")
        self.doings: dict[str, Callable[[], Any]] = {
            "place_body": lambda: self.body.place(self.body.pose),
            "place_joint": lambda: joint.place(0.0),
            "settle": lambda: world.settle(0.1),
            "number": partial(setattr, self.body, "friction", 0.3),
            "length": lambda: self.body.set_extent("x", 0.3),
            "gravity": partial(setattr, world, "gravity", 3.0),
            "limit": lambda: joint.set_limit("upper", 1.0),
            "damping": partial(setattr, joint, "damping", 0.01),
            "hold": lambda: self.free.hold(),
            "place_camera": lambda: camera.place(camera.pose),
            "move": lambda: self.belt.move_to(self.belt.pose),
            "make_servo": lambda: world.servo("Hinge", 1.0),
            "make_wrench": lambda: world.wrench("Arm"),
            "motor": partial(setattr, motor, "torque", 1.0),
            "servo": lambda: servo.to_position(0.5),
            "servo_at_velocity": lambda: servo.at_velocity(0.5),
            "wrench": partial(setattr, wrench, "force", (1.0, 0.0, 0.0)),
        }


class Binding(Task):
    """A task that does something in ``bind``."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do

    def bind(self, world: World) -> None:
        """Does it."""
        self._do()


def out_of_place(what: str) -> list[str]:
    """What is said of something that a task does in ``bind``, in ``reset``, and within an episode."""
    machine = Machine()
    do = machine.doings[what]
    told = [message_if_any(lambda: machine.world.bind(Binding(do)))]
    machine.world.rest()
    told.append(message_if_any(do))
    begin(machine.world)
    play(machine.world, 0.1)
    return [*told, message_if_any(do)]


def too_far(place: list[float]) -> list[str]:
    """What is said of a body that is placed somewhere in a reset, and of one that is moved there in an episode."""
    machine = Machine()
    machine.world.rest()
    told = [message_if_any(lambda: machine.body.place(Pose(place)))]
    begin(machine.world)
    return [*told, message_if_any(lambda: machine.belt.move_to(Pose(place)))]


def too_fast(velocity: float, rate: float, *, substeps: int = 10) -> str:
    """What is said of a body that begins like this at 50 Hz."""
    stage = Stage()
    stage.box("Body")
    world = stage.world(50.0, substeps)
    body = world.body("Body")
    return message(lambda: begin(world, lambda: body.place(body.pose, (0.0, velocity, 0.0), (0.0, 0.0, rate))))


def hinge_too_fast() -> str:
    """What is said of a hinge that turns faster than frames can show, at 10 Hz."""
    stage = Stage()
    ends = stage.box("Post", type="PASSIVE"), stage.box("Arm", (2.0, 0.0, 0.0))
    stage.constraint("Hinge", "HINGE", ends)
    world = stage.world(10.0)
    return message(lambda: begin(world, lambda: world.joint("Hinge").place(0.0, 40.0)))


def settling_for(seconds: float, speed: float) -> str:
    """What a world says to limits of settling that are none."""
    stage = Stage()
    stage.box("Body")
    world = stage.world()
    world.rest()
    return message(lambda: world.settle(seconds, speed))
