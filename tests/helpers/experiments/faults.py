"""Scenes with faults."""

from __future__ import annotations

from functools import partial

import bpy

from experiments.stage import Stage, begin, message, play


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
    body = stage.world().body("Body")
    return message(lambda: setattr(body, setting, value))


def motor_without_number() -> list[str]:
    """What a motor says to forces and torques that are no numbers."""
    stage = Stage()
    ends = stage.box("Track", type="PASSIVE"), stage.box("Cart", (2.0, 0.0, 0.0))
    stage.constraint("Motor", "MOTOR", ends, use_motor_ang=True)
    motor = stage.world().motor("Motor")
    wrong = [(kind, value) for kind in ("force", "torque") for value in (float("nan"), float("inf"))]
    return [message(partial(setattr, motor, kind, value)) for kind, value in wrong]


def out_of_time() -> list[str]:
    """What is said to things of a reset that are done within an episode."""
    stage = Stage()
    ends = stage.box("Post", type="PASSIVE"), stage.box("Arm", (2.0, 0.0, 0.0))
    stage.constraint("Hinge", "HINGE", ends)
    world = stage.world()
    body, joint = world.body("Arm"), world.joint("Hinge")
    begin(world)
    doings = (lambda: body.place(body.pose), lambda: joint.place(0.0), lambda: world.settle(1.0))
    return [message(doing) for doing in doings]


def settling_for(seconds: float, speed: float) -> str:
    """What a world says to limits of settling that are none."""
    stage = Stage()
    stage.box("Body")
    return message(lambda: stage.world().settle(seconds, speed))
