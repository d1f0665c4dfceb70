"""Free and kinematic bodies: placed, measured, moved, settled."""

from __future__ import annotations

import math
from typing import Any

from blendgym.world import Pose
from experiments.stage import ALONG_Y, Stage, begin, message, message_if_any, play

TURNED = (math.cos(0.3), 0.0, math.sin(0.3), 0.0)


def thrown(frames_per_step: int, asked: bool) -> dict[str, Any]:
    """A spinning body in free fall at 50 Hz: all of its state at first and after each step.

    Args:
        frames_per_step: Frames in one step.
        asked: Whether it is asked for in each step, or only in the end.
    """
    stage = Stage()
    stage.box("Body")
    world = stage.world(50.0, frames_per_step=frames_per_step)
    body = world.body("Body")
    begin(world, lambda: body.place(Pose((1.0, 2.0, 3.0), TURNED), (0.5, -1.0, 4.0), (0.0, 3.0, 0.0)))
    states = [_state(body)]
    for _ in range(20):
        play(world, world.period)
        if asked:
            states.append(_state(body))
    return {"states": states, "end": _state(body)}


def _state(body: Any) -> list[list[float]]:
    vectors = (body.position, body.orientation, body.velocity, body.angular_velocity)
    return [vector.tolist() for vector in vectors]


def long_steps() -> dict[str, str]:
    """What is said of steps of 0.1 s, with a body that falls and with one that stands."""
    standing = Stage()
    standing.box("Wall", type="PASSIVE")
    told = {"nothing that falls": message_if_any(lambda: standing.world(1.0))}
    falling = Stage()
    falling.box("Box")
    return told | {"falling": message(lambda: falling.world(1.0))}


def bouncing(control_rate: float, restitution: float) -> dict[str, Any]:
    """Heights and velocities of a box that falls from 1 m onto the ground and bounces, for 2 s."""
    stage = Stage()
    stage.box("Ground", (0.0, 0.0, -0.5), (4.0, 4.0, 1.0), type="PASSIVE", restitution=restitution)
    stage.box("Body", (0.0, 0.0, 1.1), restitution=1.0)
    world = stage.world(control_rate)
    body = world.body("Body")
    begin(world)
    rows = [[float(body.position[2]), float(body.velocity[2])]]
    for _ in range(round(2 * control_rate)):
        play(world, world.period)
        rows.append([float(body.position[2]), float(body.velocity[2])])
    return {"rows": rows}


def in_reset() -> dict[str, Any]:
    """What a task reads of bodies in its reset, after an episode that has left them elsewhere."""
    stage = Stage()
    post, arm = stage.box("Post", type="PASSIVE", contacts=False), stage.box("Arm", (0.5, 0.0, 0.0), contacts=False)
    stage.constraint("Hinge", "HINGE", (post, arm), turned=ALONG_Y)
    stage.box("Free", (3.0, 0.0, 0.0))
    world = stage.world()
    begin(world, lambda: world.joint("Hinge").place(1.0, 1.0))
    play(world, 1.0)
    world.rest()
    told: dict[str, Any] = {"rest": [_state(world.body(name)) for name in ("Arm", "Free")]}
    world.joint("Hinge").place(math.pi / 2, 2.0)
    world.body("Free").place(Pose((1.0, 1.0, 1.0)), (1.0, 0.0, 0.0))
    told["placed"] = [_state(world.body(name)) for name in ("Arm", "Free")]
    world.start()
    told["started"] = [_state(world.body(name)) for name in ("Arm", "Free")]
    return told


def conveyor(frames_per_step: int) -> dict[str, Any]:
    """A box on a kinematic belt that is moved at 1 m/s: where both are in each step of 2 s at 10 Hz."""
    stage = Stage()
    stage.box("Belt", (0.0, 0.0, -0.1), (8.0, 1.0, 0.2), type="PASSIVE", kinematic=True, friction=1.0)
    stage.box("Box", (0.0, 0.0, 0.1), friction=1.0)
    world = stage.world(10.0, 20, frames_per_step)
    belt, box = world.body("Belt"), world.body("Box")
    episodes = []
    for _ in range(2):
        begin(world)
        rows = []
        for step in range(20):
            belt.move_to(Pose((0.1 * (step + 1), 0.0, -0.1)))
            play(world, world.period)
            rows.append([float(v[0]) for v in (belt.position, belt.velocity, box.position, box.velocity)])
        play(world, world.period)
        episodes.append([*rows, [float(belt.position[0]), float(belt.velocity[0])]])
    return {
        "episodes": episodes,
        "box": message(lambda: box.move_to(Pose((0.0, 0.0, 0.0)))),
        "belt": message(lambda: belt.place(Pose((0.0, 0.0, 0.0)), (1.0, 0.0, 0.0))),
    }


def settled(seconds: float, place: bool) -> dict[str, Any]:
    """A stack of three boxes dropped, and a pendulum with damping, settled in the reset.

    Args:
        seconds: How long it may take.
        place: Whether the topmost is placed elsewhere afterwards.
    """
    stage = Stage()
    stage.box("Ground", (0.0, 0.0, -0.5), (8.0, 8.0, 1.0), type="PASSIVE")
    for number in range(3):
        stage.box(f"Box {number}", (0.02 * number, 0.0, 0.2 + 0.3 * number), angular_damping=0.1)
    post = stage.box("Post", (3.0, 0.0, 2.0), type="PASSIVE", contacts=False)
    arm = stage.box("Arm", (3.5, 0.0, 2.0), contacts=False, angular_damping=0.99, linear_damping=0.99)
    stage.constraint("Hinge", "HINGE", (post, arm), at=(3.0, 0.0, 2.0), turned=ALONG_Y)
    world = stage.world(50.0)
    names = [f"Box {number}" for number in range(3)]
    told: dict[str, Any] = {"episodes": []}

    def reset() -> None:
        told["in time"] = world.settle(seconds)
        if place:
            world.body("Box 2").place(Pose((2.0, 2.0, 1.0)), (1.0, 0.0, 0.0))

    for _ in range(2):
        begin(world, reset)
        told["time"] = world.time
        first = [_state(world.body(name)) for name in names]
        hinge = [world.joint("Hinge").position, world.joint("Hinge").velocity]
        play(world, 0.2)
        told["episodes"].append({"first": first, "later": [_state(world.body(name)) for name in names], "hinge": hinge})
    return told


def many(count: int) -> list[list[float]]:
    """Where some falling boxes are after a step, in nested collections, by their names."""
    import bpy

    stage = Stage()
    inner = bpy.data.collections.new("Inner")
    stage.physics.collection.children.link(inner)
    for number in range(count):
        body = stage.box(f"Box {number}", (number, 0.0, number % 7))
        if number % 3 == 0:
            inner.objects.link(body)
            stage.physics.collection.objects.unlink(body)
    world = stage.world()
    begin(world, lambda: world.body("Box 2").place(Pose((-1.0, 0.0, 0.0)), (2.0, 0.0, 0.0)))
    play(world, 0.1)
    return [[*body.position.tolist(), *body.velocity.tolist()] for body in world.bodies.values()]


def slowly(control_rate: float, frames_per_step: int) -> list[float]:
    """How far a body falls, and how fast it is then, in one step of a rate, and the time that passed."""
    stage = Stage()
    stage.box("Body")
    world = stage.world(control_rate, 100, frames_per_step)
    body = world.body("Body")
    begin(world)
    world.advance()
    world.measure()
    return [-float(body.position[2]), -float(body.velocity[2]), world.time]


def changed_in_between() -> list[list[float]]:
    """Where a body has flown to in three episodes, of which a task changes all numbers of the second."""
    stage = Stage()
    stage.scene.gravity = (0.0, 0.0, -5.0)
    stage.box("Body", linear_damping=0.2)
    world = stage.world()
    body = world.body("Body")

    def change() -> None:
        body.mass, body.friction, body.restitution = 3.0, 0.9, 0.8
        body.linear_damping = body.angular_damping = 0.7
        world.gravity = 2.0

    ends = []
    for place in (lambda: None, change, lambda: None):
        begin(world, place)
        play(world, 1.0)
        numbers = body.mass, body.friction, body.restitution, body.linear_damping, body.angular_damping
        ends.append([*body.position.tolist(), *numbers, world.gravity])
    return ends


def falling_sideways(gravity: float | None) -> list[float]:
    """How fast a body is after a second in a scene whose gravity is not along -z alone.

    Args:
        gravity: What the task sets it to, if it does.
    """
    stage = Stage()
    stage.scene.gravity = (3.0, -1.0, -5.0)
    stage.physics.effector_weights.gravity = 0.5
    stage.box("Body")
    world = stage.world()
    begin(world, lambda: None if gravity is None else setattr(world, "gravity", gravity))
    play(world, 1.0)
    velocity: list[float] = world.body("Body").velocity.tolist()
    return velocity


def spinning(rate: float, substeps: int) -> list[float]:
    """How fast a free body spins in three steps at 50 Hz, which was placed with a rate about z."""
    stage = Stage(gravity=0.0)
    stage.box("Body")
    world = stage.world(50.0, substeps)
    body = world.body("Body")
    begin(world, lambda: body.place(body.pose, angular_velocity=(0.0, 0.0, rate)))
    rates = []
    for _ in range(3):
        play(world, world.period)
        rates.append(float(body.angular_velocity[2]))
    return rates
