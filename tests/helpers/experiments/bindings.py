"""A scene in which every parameter of the physics matters: built with a value, or given it by its binding."""

from __future__ import annotations

import math
from typing import Any

from blendgym.blender.physics.world import World
from blendgym.parameters import (
    AngularDamping,
    Friction,
    Gravity,
    JointDamping,
    LinearDamping,
    LowerLimit,
    Mass,
    Restitution,
    SpringStiffness,
    Target,
    UpperLimit,
)
from blendgym.scenes import bodies, constraints, materials, meshes
from blendgym.world import Pose
from experiments.shapes import empty_scene, world_of
from experiments.stage import begin, message, play

BINDINGS = {
    "mass": Mass("Crate"), "friction": Friction("Crate"), "restitution": Restitution("Crate"),
    "linear_damping": LinearDamping("Crate"), "angular_damping": AngularDamping("Crate"), "gravity": Gravity(),
    "lower": LowerLimit("Hinge"), "upper": UpperLimit("Hinge"), "stiffness": SpringStiffness("Spring", "z"),
    "damping": JointDamping("Hinge"),
}  # fmt: skip
BUILT = {
    "mass": 1.0, "friction": 0.5, "restitution": 0.1, "linear_damping": 0.0, "angular_damping": 0.0, "gravity": 9.81,
    "lower": -0.5, "upper": 0.5, "stiffness": 50.0, "damping": 0.0,
}  # fmt: skip


def _world(**values: float) -> World:
    """A crate that falls on the ground and pushes a ball, an arm between limits, and a load on a spring."""
    values = BUILT | values
    scene, grey = empty_scene(values["gravity"]), materials.plain("Grey", (0.5, 0.5, 0.5))
    ground = meshes.box(scene, "Ground", (20.0, 20.0, 1.0), grey, location=(0.0, 0.0, -0.5))
    crate = meshes.box(scene, "Crate", (0.4, 0.3, 0.2), grey, location=(0.0, 0.0, 0.3))
    ball = meshes.sphere(scene, "Ball", 0.15, grey, location=(0.8, 0.0, 0.15))
    post = meshes.box(scene, "Post", (0.1, 0.1, 0.1), grey, location=(0.0, 3.0, 2.0))
    arm = meshes.capsule(scene, "Arm", 0.05, 0.8, grey, location=(0.0, 3.0, 1.6))
    load = meshes.box(scene, "Load", (0.2, 0.2, 0.2), grey, location=(0.0, 6.0, 2.0))
    bodies.add(scene, ground, "MESH", friction=1.0, restitution=1.0)
    bodies.add(
        scene, crate, "BOX", mass=values["mass"], friction=values["friction"], restitution=values["restitution"],
        linear_damping=values["linear_damping"], angular_damping=values["angular_damping"],
    )  # fmt: skip
    bodies.add(scene, ball, "SPHERE", mass=1.0)
    bodies.add(scene, post, "BOX")
    moment = (0.1**2 + 0.8**2) / 12.0  # a capsule has that of its bounding box
    bodies.add(scene, arm, "CAPSULE", mass=1.0, angular_damping=-math.expm1(-values["damping"] / moment))
    bodies.add(scene, load, "BOX", mass=1.0)
    constraints.hinge(
        scene, "Hinge", (post, arm), (0.0, 3.0, 2.0), (-math.pi / 2, 0.0, 0.0),
        limits=(values["lower"], values["upper"]),
    )  # fmt: skip
    held = {"x": (0.0, 0.0), "y": (0.0, 0.0)}
    turned = held | {"z": (0.0, 0.0)}
    springs = {"z": values["stiffness"]}
    constraints.spring(scene, "Spring", (post, load), (0.0, 6.0, 2.0), springs_along=springs, along=held, about=turned)
    return world_of(scene)


def _played(world: World, **values: float) -> list[list[float]]:
    """Positions of all that moves, after every tenth of a second of an episode with some parameters."""

    def place() -> None:
        for name, value in values.items():
            BINDINGS[name].apply(Target(world, None, None, None), value)
        world.body("Crate").place(Pose((0.0, 0.0, 0.3), (0.98, 0.0, 0.2, 0.0)), (2.0, 0.0, 0.0), (0.0, 0.0, 1.0))
        world.joint("Hinge").place(0.0, 3.0)

    begin(world, place)
    rows = []
    for _ in range(10):
        play(world, 0.1)
        rows.append([float(x) for name in ("Crate", "Ball", "Arm", "Load") for x in world.body(name).pose.ravel()])
    return rows


def given_and_built(name: str, value: float) -> dict[str, Any]:
    """Episodes with a parameter, in a scene that was built with it, and with what the scene was built with before."""
    world = _world()
    plain = _played(world)
    given = _played(world, **{name: value})
    read = BINDINGS[name].read(Target(world, None, None, None))
    again = _played(world, **{name: BUILT[name]})
    return {"given": given, "built": _played(_world(**{name: value})), "plain": plain, "again": again, "read": read}


def refused() -> list[str]:
    """What is said of limits and springs that are not there."""
    world = _world()
    return [
        message(lambda: world.joint("Spring").limit("lower")),
        message(lambda: world.joint("Hinge").stiffness("z")),
        message(lambda: world.joint("Spring").stiffness("x")),
    ]
