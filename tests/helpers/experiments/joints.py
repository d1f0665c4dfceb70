"""Joints of every type, placed and measured."""

from __future__ import annotations

import math
from typing import Any

from blendgym.world import Pose
from experiments.stage import ALONG_Y, Stage, begin, message, play


def motor_at_the_tip(seeds: list[float]) -> list[list[float]]:
    """Where a hinged pole ends that a motor at its tip pushes, in episodes that begin at several angles."""
    stage = Stage(gravity=0.0)
    post = stage.box("Post", type="PASSIVE", contacts=False)
    pole = stage.box("Pole", (0.0, 0.0, -0.5), (0.1, 0.1, 1.0), contacts=False)
    stage.constraint("Hinge", "HINGE", (post, pole), turned=ALONG_Y)
    stage.constraint("Push", "MOTOR", (post, pole), at=(0.0, 0.0, -1.0))
    world = stage.world()
    hinge, motor, ends = world.joint("Hinge"), world.motor("Push"), []
    for angle in seeds:
        begin(world, lambda angle=angle: hinge.place(angle))
        motor.force = 1.0
        play(world, 0.5)
        ends.append([hinge.position, hinge.velocity])
    return ends


def welded(first_is_post: bool) -> dict[str, Any]:
    """An arm on a hinge with a tip welded to it, placed at 0.8 rad and 1 rad/s."""
    stage = Stage()
    post = stage.box("Post", (0.0, 0.0, 3.0), type="PASSIVE", contacts=False)
    arm, tip = (stage.box(name, (x, 0.0, 3.0), contacts=False) for name, x in (("Arm", 0.8), ("Tip", 1.6)))
    ends = (post, arm) if first_is_post else (arm, post)
    stage.constraint("Hinge", "HINGE", ends, at=(0.0, 0.0, 3.0), turned=ALONG_Y)
    stage.constraint("Weld", "FIXED", (tip, arm), at=(1.2, 0.0, 3.0))
    world = stage.world(100.0)
    begin(world, lambda: world.joint("Hinge").place(0.8, 1.0))
    start = {name: world.body(name).pose.tolist() for name in ("Arm", "Tip")}
    speeds = {name: world.body(name).velocity.tolist() for name in ("Arm", "Tip")}
    play(world, 0.01)
    hinge = world.joint("Hinge")
    return {
        "start": start, "speeds": speeds, "tip": world.body("Tip").position.tolist(),
        "hinge": [hinge.position, hinge.velocity], "parent": hinge.parent.name,
        "weld": world.joint("Weld").parent.name, "refused": message(lambda: world.joint("Weld").place(1.0)),
        "held": message(lambda: _placed(world, "Tip")),
    }  # fmt: skip


def _placed(world: Any, name: str) -> None:
    world.rest()
    world.body(name).place(Pose((0.0, 0.0, 1.0)))
    world.start()


def limited(position: float) -> list[float]:
    """How far a hinge with limits of ±0.5 rad goes to either side, placed at a position with a speed of 1 rad/s."""
    stage = Stage(gravity=0.0)
    post, arm = stage.box("Post", type="PASSIVE", contacts=False), stage.box("Arm", (0.5, 0.0, 0.0), contacts=False)
    stage.constraint(
        "Hinge", "HINGE", (post, arm), turned=ALONG_Y,
        use_limit_ang_z=True, limit_ang_z_lower=-0.5, limit_ang_z_upper=0.5,
    )  # fmt: skip
    world = stage.world()
    hinge, reached = world.joint("Hinge"), []
    for velocity in (-1.0, 1.0):
        begin(world, lambda velocity=velocity: hinge.place(position, velocity))
        positions = []
        for _ in range(100):
            play(world, world.period)
            positions.append(velocity * hinge.position)
        reached.append(velocity * max(positions))
    return reached


def spring(stretched: float, seconds: float) -> list[float]:
    """Positions of 2 kg on a spring of 50 N/m that is stretched at first, in every frame at 200 Hz."""
    stage = Stage(gravity=0.0)
    wall, load = (
        stage.box("Wall", type="PASSIVE", contacts=False),
        stage.box("Load", (1.0, 0.0, 0.0), mass=2.0, contacts=False),
    )
    stage.constraint(
        "Spring", "GENERIC_SPRING", (wall, load), use_spring_x=True, spring_stiffness_x=50.0, spring_damping_x=0.0,
        use_limit_lin_y=True, limit_lin_y_lower=0.0, limit_lin_y_upper=0.0,
        use_limit_lin_z=True, limit_lin_z_lower=0.0, limit_lin_z_upper=0.0,
    )  # fmt: skip
    world = stage.world(200.0)
    load_body = world.body("Load")
    begin(world, lambda: load_body.place(Pose((1.0 + stretched, 0.0, 0.0))))
    positions = [float(load_body.position[0])]
    for _ in range(round(seconds * 200)):
        play(world, world.period)
        positions.append(float(load_body.position[0]))
    return positions


def ball_joint() -> list[float]:
    """Distances of a body from the point joint that it hangs on, while it swings after being placed aside."""
    stage = Stage()
    post, bob = (
        stage.box("Post", (0.0, 0.0, 2.0), type="PASSIVE", contacts=False),
        stage.box("Bob", (0.0, 0.0, 1.0), contacts=False),
    )
    stage.constraint("Ball", "POINT", (bob, post), at=(0.0, 0.0, 2.0))
    world = stage.world()
    turn = math.pi / 3
    begin(
        world,
        lambda: world.body("Bob").place(
            Pose((math.sin(turn), 0.0, 2.0 - math.cos(turn)), (math.cos(turn / 2), 0.0, -math.sin(turn / 2), 0.0))
        ),
    )
    distances = []
    for _ in range(50):
        play(world, world.period)
        x, y, z = world.body("Bob").position
        distances.append(math.hypot(x, y, z - 2.0))
    return distances


def chain(order: list[int]) -> list[float]:
    """Angles of three links that hang on a post, by hinges that are built in an order, whose bodies alternate."""
    stage = Stage()
    bodies = [stage.box("Post", (0.0, 0.0, 3.0), type="PASSIVE", contacts=False)]
    bodies += [stage.box(f"Link {i}", (0.0, 0.0, 2.8 - 0.4 * i), contacts=False) for i in range(3)]
    for i in order:
        ends = bodies[i : i + 2] if i % 2 == 0 else bodies[i + 1 : i - 1 : -1] if i > 0 else bodies[1::-1]
        stage.constraint(f"Hinge {i}", "HINGE", ends, at=(0.0, 0.0, 3.0 - 0.4 * i), turned=ALONG_Y)
    world = stage.world()

    def place() -> None:
        for i in range(3):
            world.joint(f"Hinge {i}").place(0.3 * (i + 1), 0.5)

    begin(world, place)
    play(world, 0.5)
    return [world.joint(f"Hinge {i}").position * (1 if i % 2 == 0 else -1) for i in range(3)]


def loop() -> dict[str, Any]:
    """A parallelogram of four bars: as it was built, and with one of its hinges placed."""
    stage = Stage(gravity=0.0)
    ground = stage.box("Ground", (0.5, 0.0, 0.0), (1.0, 0.1, 0.1), type="PASSIVE", contacts=False)
    left, right = (
        stage.box(name, (x, 0.0, 0.5), (0.1, 0.1, 1.0), contacts=False) for name, x in (("Left", 0.0), ("Right", 1.0))
    )
    bar = stage.box("Bar", (0.5, 0.0, 1.0), (1.0, 0.1, 0.1), contacts=False)
    for name, ends, at in (
        ("A", (ground, left), (0.0, 0.0, 0.0)), ("B", (left, bar), (0.0, 0.0, 1.0)),
        ("C", (bar, right), (1.0, 0.0, 1.0)), ("D", (right, ground), (1.0, 0.0, 0.0)),
    ):  # fmt: skip
        stage.constraint(name, "HINGE", ends, at=at, turned=ALONG_Y)
    stage.constraint("Drive", "MOTOR", (ground, left), at=(0.0, 0.0, 1.0))
    world = stage.world()
    begin(world)
    world.motor("Drive").force = 1.0
    play(world, 1.0)
    angles = {name: joint.position for name, joint in world.joints.items()}
    world.rest()
    world.joint("A").place(0.5)
    torn = message(world.start)

    def place() -> None:
        for name, angle in (("A", 0.5), ("B", -0.5), ("C", 0.5), ("D", -0.5)):
            world.joint(name).place(angle)

    begin(world, place)
    play(world, 0.5)
    placed = {name: joint.position for name, joint in world.joints.items()}
    return {"angles": angles, "message": torn, "placed": placed}


def between_springs() -> dict[str, float]:
    """A body between two springs, placed aside, and a lever that a hinge and a spring hold, with the hinge placed."""
    stage = Stage(gravity=0.0)
    walls = [stage.box(f"Wall {x}", (x, 0.0, 0.0), type="PASSIVE", contacts=False) for x in (-1.0, 1.0)]
    load, lever = stage.box("Load", contacts=False), stage.box("Lever", (0.5, 5.0, 0.0), contacts=False)
    for wall in walls:
        stage.constraint(
            f"{wall.name} spring", "GENERIC_SPRING", (wall, load), use_spring_x=True, spring_stiffness_x=50.0
        )
    stage.constraint("Spring", "GENERIC_SPRING", (walls[0], lever), at=(0.5, 5.0, 0.0))
    stage.constraint("Hinge", "HINGE", (walls[0], lever), at=(0.0, 5.0, 0.0), turned=ALONG_Y)
    world = stage.world()

    def place() -> None:
        world.body("Load").place(Pose((0.3, 0.0, 0.0)))
        world.joint("Hinge").place(math.pi / 2)

    begin(world, place)
    x, _, z = world.body("Lever").position
    return {"load": float(world.body("Load").position[0]), "lever x": float(x), "lever z": float(z)}


def torn() -> str:
    """What is said of a body that is placed away from its point joint."""
    stage = Stage()
    post, bob = stage.box("Post", type="PASSIVE", contacts=False), stage.box("Bob", (0.0, 0.0, -1.0), contacts=False)
    stage.constraint("Ball", "POINT", (post, bob))
    world = stage.world()
    world.rest()
    world.body("Bob").place(Pose((0.5, 0.0, -1.0)))
    return message(world.start)


def on_a_lift(keyed_before: int) -> dict[str, Any]:
    """A pendulum on a lift whose keys begin some frames before the simulation does: how far it is from its hinge."""
    stage = Stage()
    stage.physics.point_cache.frame_start = 40
    lift = stage.box("Lift", kinematic=True, type="PASSIVE", contacts=False)
    for frame in (40 - keyed_before, 140):
        lift.location.z = 0.1 * (frame - 40)
        lift.keyframe_insert("location", frame=frame)
    stage.scene.frame_set(40)
    height = lift.location.z
    bob = stage.box("Bob", (0.5, 0.0, height), contacts=False)
    stage.constraint("Hinge", "HINGE", (lift, bob), at=(0.0, 0.0, height), turned=ALONG_Y)
    if keyed_before:
        return {"message": message(lambda: stage.world(24.0, 40))}
    world = stage.world(24.0, 40)
    begin(world)
    distances = []
    for _ in range(24):
        play(world, world.period)
        distances.append(math.dist(world.body("Bob").position, world.body("Lift").position))
    return {"distances": distances, "height": float(world.body("Lift").position[2])}


def faulty() -> dict[str, str]:
    """What is said of constraints that cannot work."""
    said = {}
    for name, ends in (("alone", (0, None)), ("twice", (0, 0)), ("no body", (0, 2))):
        stage = Stage()
        objects = [stage.box("Body"), stage.box("Other", (1.0, 0.0, 0.0)), stage.empty("Nobody")]
        stage.constraint("Odd", "FIXED", [None if end is None else objects[end] for end in ends])
        said[name] = message(stage.world)
    return said


def disabled() -> float:
    """How far a body falls in 1 s whose constraint is disabled."""
    stage = Stage()
    post, body = stage.box("Post", type="PASSIVE", contacts=False), stage.box("Body", contacts=False)
    stage.constraint("Weld", "FIXED", (post, body), enabled=False)
    world = stage.world()
    begin(world)
    play(world, 1.0)
    return -float(world.body("Body").position[2])
