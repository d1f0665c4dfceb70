"""Servos and wrenches."""

from __future__ import annotations

import math
from typing import Any

from blendgym.world import Pose
from experiments.stage import ALONG_Y, Stage, begin, message, play


def servo(kind: str, first_is_base: bool, frames_per_step: int = 1) -> dict[str, Any]:
    """A joint that a servo drives at a velocity, then to a position, then lets go, then is too weak for.

    Args:
        kind: ``HINGE`` or ``SLIDER``.
        first_is_base: Which body the constraint has first.
        frames_per_step: Frames in one step.
    """
    stage = Stage()
    stage.physics.solver_iterations = 200
    base, load = stage.box("Base", type="PASSIVE", contacts=False), stage.box("Load", (0.5, 0.0, 0.0), contacts=False)
    ends = (base, load) if first_is_base else (load, base)
    turned = ALONG_Y if kind == "HINGE" else (0.0, -math.pi / 2, 0.0)  # A slider runs upwards.
    stage.constraint("Joint", kind, ends, turned=turned)
    world = stage.world(20.0, 10, frames_per_step)
    joint, strong = world.joint("Joint"), world.servo("Joint", 100.0)
    begin(world)
    told: dict[str, Any] = {}
    strong.at_velocity(0.5)
    play(world, 1.0)
    told["velocity"] = [joint.position, joint.velocity]
    strong.to_position(-0.2, speed=1.0)
    play(world, 0.3)
    told["on the way"] = [joint.position, joint.velocity]
    play(world, 1.5)
    told["position"] = [joint.position, joint.velocity]
    strong.release()
    play(world, 0.1)
    told["released"] = abs(joint.velocity)
    begin(world)
    play(world, 0.1)
    told["next episode"] = abs(joint.velocity)
    return told


def weak_servo() -> list[float]:
    """Heights of a load of 1 kg on an upright slider, whose servo holds it with 5 N of the 10 N that it weighs."""
    stage = Stage()
    base, load = stage.box("Base", type="PASSIVE", contacts=False), stage.box("Load", contacts=False)
    stage.constraint("Lift", "SLIDER", (base, load), turned=(0.0, -math.pi / 2, 0.0))
    world = stage.world(50.0)
    servo = world.servo("Lift", 5.0)
    begin(world)
    servo.to_position(0.0)
    play(world, 1.0)
    return [world.joint("Lift").position, world.joint("Lift").velocity]


def gain(gain: float, max_force: float) -> dict[str, list[float]]:
    """Positions and speeds, at 100 Hz, of a load of 1 kg that a servo sends 0.1 m along a level slider.

    Args:
        gain: Of the servo, in 1/s.
        max_force: In N; the servo is made with none and given it afterwards.
    """
    stage = Stage()
    base, load = stage.box("Base", type="PASSIVE", contacts=False), stage.box("Load", contacts=False)
    stage.constraint("Slide", "SLIDER", (base, load))
    world = stage.world(100.0)
    joint, servo = world.joint("Slide"), world.servo("Slide", 0.0)
    begin(world)
    servo.max_force = max_force
    servo.to_position(0.1, gain=gain)
    told: dict[str, list[float]] = {"position": [], "velocity": []}
    for _ in range(100):
        play(world, 0.01)
        told["position"].append(joint.position)
        told["velocity"].append(joint.velocity)
    return told


def wrench(
    force: list[float], torque: list[float], turned: float, seconds: float, rate: float = 50.0
) -> dict[str, Any]:
    """A box of 2 kg, 0.3 × 0.2 × 0.1 m, turned about y, that is pushed in weightlessness, in two episodes."""
    stage = Stage(gravity=0.0)
    stage.box("Box", size=(0.3, 0.2, 0.1), mass=2.0)
    world = stage.world(50.0)
    box, push = world.body("Box"), world.wrench("Box")
    ends = []
    for _ in range(2):
        begin(world, lambda: box.place(Pose((1.0, 2.0, 3.0), (math.cos(turned / 2), 0.0, math.sin(turned / 2), 0.0))))
        push.force, push.torque = force, torque
        play(world, seconds)
        vectors = (box.position, box.velocity, box.angular_velocity)
        ends.append([vector.tolist() for vector in vectors])
    begin(world)
    play(world, 0.5)
    return {
        "ends": ends, "bodies": list(world.bodies), "let go": box.velocity.tolist(),
        "objects": [obj.name for obj in stage.scene.objects if obj.type != "EMPTY"],
    }  # fmt: skip


def first_of_its_scene() -> list[float]:
    """The velocity of a box of 1 kg, pushed with 2 N for a second, in a scene that has never had a constraint."""
    stage = Stage(gravity=0.0)
    stage.physics.constraints = None
    stage.box("Box")
    world = stage.world(50.0)
    box, push = world.body("Box"), world.wrench("Box")
    begin(world)
    push.force = (2.0, 0.0, 0.0)
    play(world, 1.0)
    return list(box.velocity.tolist())


def refused() -> dict[str, str]:
    """What is said of actuators that cannot be."""
    stage = Stage()
    wall, body = stage.box("Wall", type="PASSIVE"), stage.box("Body", (1.0, 0.0, 0.0))
    stage.constraint("Weld", "FIXED", (wall, body))
    world = stage.world()
    push = world.wrench("Body")

    def set_nan() -> None:
        push.force = (math.nan, 0.0, 0.0)

    hinge = stage.box("Door", (2.0, 0.0, 0.0))
    stage.constraint("Hinge", "HINGE", (wall, hinge))
    servo = stage.world().servo("Hinge", 1.0)
    return {
        "negative gain": message(lambda: servo.to_position(0.0, gain=-1.0)),
        "infinite force": message(lambda: setattr(servo, "max_force", math.inf)),
        "weld": message(lambda: world.servo("Weld", 1.0)),
        "wall": message(lambda: world.wrench("Wall")),
        "nobody": message(lambda: world.wrench("Nobody")),
        "nan": message(set_nan),
    }


def made_again() -> list[int]:
    """How many objects there are, while worlds with actuators are made of one scene, one after the other."""
    import bpy

    stage = Stage()
    stage.box("Body")
    counts = []
    for _ in range(3):
        world = stage.world()
        world.wrench("Body")
        begin(world)
        play(world, 0.1)
        counts.append(len(bpy.data.objects))
    return counts


def torque_on_a_top(spin: float, torque: float) -> list[float]:
    """Angular velocity of a cube that spins about z, after a torque about x has acted on it for 1 s at 50 Hz."""
    stage = Stage(gravity=0.0)
    stage.box("Cube")
    world = stage.world(50.0)
    cube, push = world.body("Cube"), world.wrench("Cube")
    begin(world, lambda: cube.place(Pose((0.0, 0.0, 0.0)), angular_velocity=(0.0, 0.0, spin)))
    push.torque = (torque, 0.0, 0.0)
    play(world, 1.0)
    return [float(rate) for rate in cube.angular_velocity]
