"""Scenes as people make them by hand: ``python odd_scenes.py FOLDER`` saves each of them as a ``.blend``.

Each has rigid bodies and something that a tidy scene does not have. None needs a task to be right: whatever it is,
it moves as plain Blender plays it.
"""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

FRAMES_PER_SECOND = 60


def saved(folder: Path) -> dict[str, Path]:
    """The scenes, made in a Blender of their own."""
    subprocess.run([sys.executable, __file__, str(folder)], check=True, capture_output=True)
    return {name: folder / f"{name}.blend" for name in SCENES}


class Builder:
    """An empty scene with a rigid-body world and a camera."""

    def __init__(self):
        import bpy

        self.bpy = bpy
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = bpy.context.scene
        self.scene.render.fps = FRAMES_PER_SECOND
        bpy.ops.rigidbody.world_add()
        self.physics = self.scene.rigidbody_world
        self.physics.collection = bpy.data.collections.new("Bodies")
        self.physics.constraints = bpy.data.collections.new("Constraints")
        camera = self.object("Camera", bpy.data.cameras.new("Camera"), (0, -12, 2))
        camera.rotation_euler = (1.4, 0, 0)
        self.scene.camera = camera

    def load(self, height):
        """A box that falls onto an edge: one that lands flat tumbles by the last digit of its pose."""
        made = self.box("Load", (0.5, 0.5, 0.5), (0, 0, height))
        made.rotation_euler = (0.5, 0.3, 0.2)
        return self.body(made)

    def object(self, name, data=None, at=(0, 0, 0), parent=None):
        made = self.bpy.data.objects.new(name, data)
        made.location = at
        made.parent = parent
        self.scene.collection.objects.link(made)
        return made

    def box(self, name, size=(1, 1, 1), at=(0, 0, 0), parent=None):
        import bmesh

        mesh, shape = self.bpy.data.meshes.new(name), bmesh.new()
        bmesh.ops.create_cube(shape, size=1.0)
        bmesh.ops.scale(shape, vec=size, verts=shape.verts)
        shape.to_mesh(mesh)
        return self.object(name, mesh, at, parent)

    def body(self, made, kind="ACTIVE", **settings):
        self.physics.collection.objects.link(made)
        body = made.rigid_body
        body.type, body.use_deactivation, body.collision_shape, body.linear_damping = kind, False, "BOX", 0.0
        for name, value in settings.items():
            setattr(body, name, value)
        return made

    def ground(self):
        return self.body(self.box("Ground", (40, 40, 1), (0, 0, -0.5)), "PASSIVE")

    def constraint(self, name, kind, first, second, at=(0, 0, 0), turned=(0, 0, 0), parent=None):
        empty = self.object(name, None, at, parent)
        empty.rotation_euler = turned
        self.physics.constraints.objects.link(empty)
        made = empty.rigid_body_constraint
        made.type, made.object1, made.object2 = kind, first, second
        return made


ACROSS = (math.pi / 2, 0, 0)
"""Turns the axis of a hinge to lie across, along -y."""


def nested_parents(b):
    crane = b.object("Crane", None, (1, 0, 2))
    crane.rotation_euler = (0, 0.3, 0.2)
    arm = b.object("Arm", None, (0.5, 0, 1), parent=crane)
    arm.rotation_euler = (0.4, 0, 0)
    b.body(b.box("Load", (0.5, 0.5, 0.5), (0.3, 0.1, 0), parent=arm))
    b.ground()


def delta_transforms(b):
    made = b.box("Load", (0.5, 0.5, 0.5), (0, 0, 2))
    made.delta_location, made.delta_rotation_euler = (0.4, 0, 0.5), (0.3, 0.2, 0)
    b.body(made)
    b.ground()


def parented_hinge(b):
    post = b.body(b.box("Post", (0.2, 0.2, 0.2), (1, 2, 3)), "PASSIVE")
    stand = b.object("Stand", None, (1, 2, 3))
    arm = b.body(b.box("Arm", (1.6, 0.2, 0.2), (0.8, 0, 0), parent=stand))
    b.constraint("Hinge", "HINGE", arm, post, turned=ACROSS, parent=stand)


def scaled_bodies(b):
    for number, scale in enumerate(((2.4, 1, 1), (0.5, 0.5, 0.5), (1, 0.4, 2))):
        made = b.body(b.box(f"Crate.{number}", at=(3 * number, 0, 3)), mass=2.0)
        made.scale, made.rotation_euler = scale, (0.3, 0.5, 0.1 * number)
    b.ground().scale = (2, 2, 1)


def scaled_parent(b):
    big = b.object("Big", None, (0, 0, 1))
    big.scale = (2, 2, 2)
    b.body(b.box("Load", (0.5, 0.5, 0.5), (0, 0, 1), parent=big))
    b.ground()


def saved_while_it_played(b):
    b.load(4)
    b.ground()
    for frame in range(1, 31):
        b.scene.frame_set(frame)


def baked(b):
    b.load(4)
    b.ground()
    b.physics.point_cache.frame_end = 200
    with b.bpy.context.temp_override(scene=b.scene, point_cache=b.physics.point_cache):
        b.bpy.ops.ptcache.bake(bake=True)


def animated_platform(b):
    platform = b.body(b.box("Platform", (2, 2, 0.2), (0, 0, 1)), "PASSIVE", kinematic=True, friction=1.0)
    platform.keyframe_insert("location", frame=1)
    platform.location = (1, 0, 1)
    platform.keyframe_insert("location", frame=60)
    b.body(b.box("Rider", (0.4, 0.4, 0.4), (0, 0, 1.3)), friction=1.0)


def animated_active_body(b):
    pusher = b.body(b.box("Pusher", (0.5, 0.5, 0.5), (-2, 0, 0.25)), kinematic=True)
    pusher.keyframe_insert("location", frame=1)
    pusher.location = (2, 0, 0.25)
    pusher.keyframe_insert("location", frame=90)
    b.body(b.box("Crate", (0.5, 0.5, 0.5), (0, 0.15, 0.25)))
    b.ground()


def forgotten_keys(b):
    made = b.load(3)
    for frame, height in ((1, 3), (40, 6)):
        made.location.z = height
        made.keyframe_insert("location", frame=frame)
    b.ground()


def weak_gravity(b):
    b.physics.effector_weights.gravity = 0.3
    b.load(4)


def no_gravity(b):
    b.scene.use_gravity = False
    b.load(4)


def wind(b):
    b.load(4)
    vane = b.object("Vane")
    vane.rotation_euler = (0, 1.2, 0)
    b.bpy.context.view_layer.objects.active = vane
    b.bpy.ops.object.forcefield_toggle()
    vane.field.type, vane.field.strength = "WIND", 500.0


def compound(b):
    frame = b.body(b.box("Frame", (0.4, 0.4, 0.4), (0, 0, 3)), collision_shape="COMPOUND")
    for number, at in enumerate(((0.6, 0, 0), (-0.6, 0, 0.3))):
        b.body(b.box(f"Part.{number}", (0.5, 0.5, 0.5), at, parent=frame))
    b.ground()


def chain_of_welds(b):
    post = b.body(b.box("Post", (0.2, 0.2, 0.2), (0, 0, 4)), "PASSIVE")
    links = [b.body(b.box(f"Link.{number}", (0.3, 0.3, 0.3), (0.6 + 0.6 * number, 0, 4))) for number in range(3)]
    b.constraint("Hinge", "HINGE", links[0], post, (0, 0, 4), ACROSS)
    b.constraint("Weld.1", "FIXED", links[0], links[1], (0.9, 0, 4))
    b.constraint("Weld.2", "FIXED", links[2], links[1], (1.5, 0, 4))


def ball_joint(b):
    post = b.body(b.box("Post", (0.2, 0.2, 0.2), (0, 0, 4)), "PASSIVE")
    bob = b.body(b.box("Bob", (0.3, 0.3, 0.3), (1, 0.3, 4)))
    b.constraint("Ball", "POINT", post, bob, (0, 0, 4))


def spring(b):
    post = b.body(b.box("Post", (0.2, 0.2, 0.2), (0, 0, 4)), "PASSIVE")
    bob = b.body(b.box("Bob", (0.3, 0.3, 0.3), (0, 0, 3)))
    made = b.constraint("Spring", "GENERIC_SPRING", post, bob, (0, 0, 4))
    for axis in "xy":
        setattr(made, f"use_limit_lin_{axis}", True)
        setattr(made, f"limit_lin_{axis}_lower", 0)
        setattr(made, f"limit_lin_{axis}_upper", 0)
    made.use_spring_z, made.spring_stiffness_z, made.spring_damping_z = True, 40, 0.2


def two_hinges_that_close_a_loop(b):
    post = b.body(b.box("Post", (2, 0.2, 0.2), (0, 0, 4)), "PASSIVE")
    left = b.body(b.box("Left", (0.1, 0.1, 1), (-0.5, 0, 3.5)))
    right = b.body(b.box("Right", (0.1, 0.1, 1), (0.5, 0, 3.5)))
    bar = b.body(b.box("Bar", (1, 0.1, 0.1), (0, 0, 3)))
    b.constraint("A", "HINGE", post, left, (-0.5, 0, 4), ACROSS)
    b.constraint("B", "HINGE", post, right, (0.5, 0, 4), ACROSS)
    b.constraint("C", "HINGE", left, bar, (-0.5, 0, 3), ACROSS)
    b.constraint("D", "HINGE", right, bar, (0.5, 0, 3), ACROSS)


def a_motor_that_the_file_has_on(b):
    track = b.body(b.box("Track", (0.2, 0.2, 0.2)), "PASSIVE")
    cart = b.body(b.box("Cart", (0.5, 0.3, 0.2)))
    b.constraint("Slider", "SLIDER", track, cart)
    motor = b.constraint("Motor", "MOTOR", track, cart)
    motor.use_motor_lin, motor.motor_lin_target_velocity, motor.motor_lin_max_impulse = True, -1.0, 2.0


SCENES = {
    name: made
    for name, made in list(globals().items())
    if callable(made) and getattr(made, "__module__", "") == __name__ and name not in ("saved", "Builder")
}

if __name__ == "__main__":
    for scene_name, make in SCENES.items():
        builder = Builder()
        make(builder)
        builder.bpy.ops.wm.save_as_mainfile(filepath=f"{sys.argv[1]}/{scene_name}.blend")
