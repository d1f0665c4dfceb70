"""Bodies and constraints under parents, with deltas and scales."""

from __future__ import annotations

import math
from typing import Any

import bpy

from blendgym.blender.physics.world import World
from blendgym.world import Pose
from experiments.stage import Stage, begin, message, play

QUARTER = math.pi / 2


def fall_under(what: str) -> dict[str, Any]:
    """Where a body is at first, and after falling for 1 s, whose world pose is (1, 2.5, 3), a quarter turn about z.

    Args:
        what: How that comes about: by a ``parent``, two ``parents``, a parent's ``inverse``, ``deltas``, or an object
            ``constraint``.
    """
    stage = Stage()
    root = stage.empty("Root", (1.0, 2.0, 0.0), (0.0, 0.0, QUARTER))
    if what == "parent":
        body = stage.box("Body", (0.5, 0.0, 3.0), parent=root)
    elif what == "parents":
        middle = stage.empty("Middle", (0.25, 0.0, 1.0))
        middle.parent = root
        body = stage.box("Body", (0.25, 0.0, 2.0), parent=middle)
    elif what == "inverse":
        body = stage.box("Body", (1.0, 2.5, 3.0), turned=(0.0, 0.0, QUARTER), parent=root)
        bpy.context.view_layer.update()
        body.matrix_parent_inverse = root.matrix_world.inverted()
    elif what == "deltas":
        body = stage.box("Body", (1.0, 2.0, 1.0), turned=(0.0, 0.0, QUARTER / 2))
        body.delta_location, body.delta_rotation_euler = (0.0, 0.5, 2.0), (0.0, 0.0, QUARTER / 2)
    else:
        body = stage.box("Body", (9.0, 9.0, 9.0))
        stage.empty("Target", (1.0, 2.5, 3.0), (0.0, 0.0, QUARTER))
        for kind in ("COPY_LOCATION", "COPY_ROTATION"):
            body.constraints.new(kind).target = bpy.data.objects["Target"]
    world = stage.world()
    begin(world)
    start = world.body("Body").pose.tolist()
    play(world, 1.0)
    return {"start": start, "end": world.body("Body").pose.tolist()}


def parented_hinge() -> list[float]:
    """Distances of a door from its axis, whose constraint is a child of the frame, which has a turned parent."""
    stage = Stage()
    root = stage.empty("Root", (0.5, 0.0, 0.0), (0.0, 0.0, 1.0))
    frame = stage.box("Frame", (1.0, 2.0, 1.0), type="PASSIVE", parent=root, contacts=False)
    bpy.context.view_layer.update()
    axis = frame.matrix_world.to_translation()
    door = stage.box("Door", (axis[0] + 0.5, axis[1], axis[2]), contacts=False)
    stage.constraint("Hinge", "HINGE", (frame, door), parent=frame)
    world = stage.world()
    begin(world, lambda: world.joint("Hinge").place(0.8, 2.0))
    distances = []
    for _ in range(50):
        play(world, world.period)
        distances.append(math.dist(world.body("Door").position, axis))
    return distances


def table() -> dict[str, Any]:
    """A table of a compound shape, dropped: how high it comes to rest, and where its legs are then."""
    stage = Stage()
    stage.box("Ground", (0.0, 0.0, -10.0), (20.0, 20.0, 20.0), type="PASSIVE")
    top = stage.box("Table", (0.0, 0.0, 2.0), mass=2.0, collision_shape="COMPOUND")
    for number, x in enumerate((-0.6, 0.6)):
        stage.box(f"Leg {number}", (x, 0.0, 0.0), (0.3, 0.3, 0.3), parent=top)
    world = stage.world()
    begin(world, lambda: world.body("Table").place(Pose((1.0, 0.0, 0.4))))
    play(world, 3.0)
    depsgraph = bpy.context.evaluated_depsgraph_get()
    legs = [bpy.data.objects[f"Leg {i}"].evaluated_get(depsgraph).matrix_world.translation for i in range(2)]
    return {
        "table": world.body("Table").position.tolist(), "legs": [list(leg) for leg in legs],
        "bodies": list(world.bodies), "message": message(lambda: world.body("Leg 0")),
    }  # fmt: skip


def scaled(scale: float, of: str) -> dict[str, Any]:
    """Places of a body that drops to the ground, by blendgym and by Blender's own playback, and how it spins.

    Args:
        scale: How large.
        of: What has the scale: the body, its parent, or both so that they cancel out.
    """
    stage = Stage()
    stage.box("Ground", (0.0, 0.0, -0.5), (0.5, 0.5, 1.0), type="PASSIVE").scale = (9.0, 9.0, 1.0)
    root = stage.empty("Root")
    body = stage.box("Body", (0.1, 0.0, 1.0), turned=(0.3, 0.2, 0.1), parent=root)
    body.rigid_body.use_deactivation = False
    if of in ("parent", "both"):
        root.scale = (scale, scale, scale)
    if of in ("body", "both"):
        body.scale = (1 / scale,) * 3 if of == "both" else (scale, 1.0, 1.0)
    stage.scene.render.fps = 50
    played = []
    for frame in range(1, 52):
        stage.scene.frame_set(frame)
        played.append(list(body.evaluated_get(bpy.context.evaluated_depsgraph_get()).matrix_world.translation))
    world = stage.world()
    begin(world)
    ours = []
    for _ in range(51):
        ours.append(world.body("Body").position.tolist())
        play(world, world.period)
    begin(world, lambda: world.body("Body").place(Pose((0.0, 0.0, 3.0)), angular_velocity=(0.0, 0.0, 2.0)))
    play(world, 0.2)
    thing = world.body("Body")
    return {
        "ours": ours, "blender's": played, "pose": thing.pose[:3, :3].tolist(),
        "spin": [0.0, 0.0, 2.0], "speed": thing.angular_velocity.tolist(),
    }  # fmt: skip


def sheared() -> str:
    """What is said of a turned body whose parent has another scale in each direction."""
    stage = Stage()
    root = stage.empty("Root")
    root.scale = (1.0, 2.0, 3.0)
    stage.box("Body", turned=(0.5, 0.6, 0.7), parent=root)
    return message(stage.world)


def refused_places() -> dict[str, str]:
    """What is said of poses and velocities that are none."""
    stage = Stage()
    stage.box("Body")
    stage.box("Wall", (2.0, 0.0, 0.0), type="PASSIVE")
    world: World = stage.world()
    body, wall, nan = world.body("Body"), world.body("Wall"), math.nan
    origin = Pose((0.0, 0.0, 0.0))
    wrong: dict[str, Any] = {
        "nan": lambda: body.place(Pose((nan, 0.0, 0.0))),
        "infinite": lambda: body.place(Pose((0.0, math.inf, 0.0))),
        "zero": lambda: body.place(Pose((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0))),
        "short": lambda: body.place(Pose((0.0, 0.0))),
        "text": lambda: body.place("above"),
        "scaling": lambda: body.place([[2.0, 0, 0, 0], [0, 2.0, 0, 0], [0, 0, 2.0, 0], [0, 0, 0, 1.0]]),
        "velocity": lambda: body.place(origin, (nan, 0.0, 0.0)),
        "spin": lambda: body.place(origin, angular_velocity=(0.0, 0.0)),
        "passive": lambda: wall.place(origin, (1.0, 0.0, 0.0)),
    }
    return {name: message(do) for name, do in wrong.items()}


def moved_wall() -> list[float]:
    """Where a body comes to rest on a shelf that is passive, and was placed."""
    stage = Stage()
    stage.box("Shelf", (0.0, 0.0, 0.0), (2.0, 2.0, 0.2), type="PASSIVE")
    stage.box("Body", (5.0, 0.0, 2.5))
    world = stage.world()
    begin(world, lambda: world.body("Shelf").place(Pose((5.0, 0.0, 1.0))))
    play(world, 2.0)
    return [float(world.body(name).position[2]) for name in ("Shelf", "Body")]
