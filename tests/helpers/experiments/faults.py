"""Scenes with faults."""

from __future__ import annotations

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
