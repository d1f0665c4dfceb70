"""Bodies of every collision shape: their inertia, contacts between them, and rays that meet them."""

from __future__ import annotations

import math
from typing import Any

import bpy

from blendgym.blender.physics.world import World
from blendgym.blender.scenes import LoadedScene
from blendgym.scenes import bodies, constraints, materials, meshes
from blendgym.scenes.places import ORIGIN, Triple
from blendgym.world import Pose
from experiments.stage import begin, message, play

TORQUE = 0.1  # N·m
TURNS: dict[str, Triple] = {"x": ORIGIN, "y": (0.0, 0.0, math.pi / 2), "z": (0.0, -math.pi / 2, 0.0)}
"""What turns the x axis of a motor to another."""


def empty_scene(gravity: float = 10.0) -> bpy.types.Scene:
    """A scene with physics and nothing in it, alone in Blender."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    bodies.world(scene)
    scene.gravity = (0.0, 0.0, -gravity)
    return scene


def world_of(scene: bpy.types.Scene) -> World:
    """The scene as a world, at 50 Hz with 10 substeps."""
    return World(LoadedScene(scene), 50.0, 10)


def solid(scene: bpy.types.Scene, kind: str, name: str = "Body", location: Triple = ORIGIN) -> bpy.types.Object:
    """A mesh for a collision shape, 1 m high but for spheres; that of hulls and meshes is a cylinder of 32 faces."""
    grey = materials.plain("Grey", (0.5, 0.5, 0.5))
    match kind:
        case "BOX":
            return meshes.box(scene, name, (0.4, 0.6, 1.0), grey, location=location)
        case "SPHERE":
            return meshes.sphere(scene, name, 0.3, grey, location=location)
        case "CAPSULE":
            return meshes.capsule(scene, name, 0.2, 1.0, grey, location=location)
        case "CONE":
            return meshes.cone(scene, name, 0.3, 1.0, grey, location=location)
        case "COMPOUND":
            return _compound(scene, name, location)
    return meshes.cylinder(scene, name, 0.3, 1.0, grey, location=location)


def _compound(scene: bpy.types.Scene, name: str, location: Triple) -> bpy.types.Object:
    """A box at x = 0.5 m and a sphere at x = -0.5 m; the parts have bodies of their own already."""
    grey = materials.plain("Grey", (0.5, 0.5, 0.5))
    whole = bpy.data.objects.new(name, bpy.data.meshes.new(name))
    scene.collection.objects.link(whole)
    whole.location = location
    box = meshes.box(scene, f"{name} box", (0.2, 0.2, 0.2), grey, location=(0.5, 0.0, 0.0))
    ball = meshes.sphere(scene, f"{name} ball", 0.2, grey, location=(-0.5, 0.0, 0.0))
    for part, shape in ((box, "BOX"), (ball, "SPHERE")):
        part.parent = whole
        bodies.add(scene, part, shape, mass=1.0)
    return whole


def inertia(kind: str, margin: float = 0.0, has_margin: bool = True, scale: float = 1.0) -> list[list[float]]:
    """Moments of inertia of 2 kg about x, y and z: as they are told, and by how a torque accelerates them."""
    told, measured = [], []
    for axis, turn in TURNS.items():
        scene = empty_scene(gravity=0.0)
        base = meshes.box(scene, "Base", (0.1, 0.1, 0.1), materials.plain("Grey", (0.5, 0.5, 0.5)))
        body = solid(scene, kind)
        body.scale = (scale, scale, scale)
        bodies.add(scene, base, "BOX", groups=())
        bodies.add(scene, body, kind, mass=2.0, groups=(), margin=margin).use_margin = has_margin
        constraints.motor(scene, "Motor", (base, body), rotation=turn, linear=False, angular=True)
        world = world_of(scene)
        begin(world)
        world.motor("Motor").torque = TORQUE
        play(world, 0.4)
        index = "xyz".index(axis)
        told.append(float(world.body("Body").inertia[index]))
        measured.append(float(TORQUE * world.time / world.body("Body").angular_velocity[index]))
    return [told, measured]


def gaps(kind: str, heights: list[float], margin: float = 0.0) -> list[Any]:
    """Contacts of a body with a box whose top is at z = 0, at heights of its origin: (distance, normal, point)."""
    scene = empty_scene()
    ground = meshes.box(
        scene, "Ground", (4.0, 4.0, 1.0), materials.plain("Grey", (0.5, 0.5, 0.5)), location=(0, 0, -0.5)
    )
    bodies.add(scene, ground, "BOX")
    bodies.add(scene, solid(scene, kind), kind, mass=1.0, margin=margin)
    world = world_of(scene)
    found = []
    for height in heights:
        world.rest()
        world.body("Body").place(Pose((0.3, 0.2, height), (math.cos(0.4), 0.0, 0.0, math.sin(0.4))))
        found.append([_plain(contact) for contact in world.contacts(within=1.0)])
    return found


def _plain(contact: Any) -> dict[str, Any]:
    return {
        "pair": [contact.first, contact.second], "distance": contact.distance, "normal": contact.normal.tolist(),
        "point": contact.point.tolist(),
    }  # fmt: skip


def resting(kind: str) -> dict[str, Any]:
    """A body that has fallen on the ground by 1 cm, after two seconds."""
    scene = empty_scene()
    ground = meshes.box(
        scene, "Ground", (4.0, 4.0, 1.0), materials.plain("Grey", (0.5, 0.5, 0.5)), location=(0, 0, -0.5)
    )
    bodies.add(scene, ground, "BOX")
    half = 0.3 if kind == "SPHERE" else 0.2 if kind == "COMPOUND" else 0.5
    bodies.add(scene, solid(scene, kind, location=(0.0, 0.0, half + 0.01)), kind, mass=1.0)
    world = world_of(scene)
    begin(world)
    before = world.contacts()
    play(world, 2.0)
    return {"before": len(before), "after": [_plain(contact) for contact in world.contacts()]}


def which_pairs() -> dict[str, Any]:
    """Names of those that touch among overlapping bodies, of which some cannot collide."""
    scene, grey = empty_scene(), materials.plain("Grey", (0.5, 0.5, 0.5))
    made = {}
    for name, mass, groups in (
        ("Floor", None, (0,)), ("Wall", None, (0,)), ("Crate", 1.0, (0, 1)), ("Ghost", 1.0, ()), ("Other", 1.0, (1,)),
        ("Bound", 1.0, (0,)),
    ):  # fmt: skip
        made[name] = meshes.box(scene, name, (1.0, 1.0, 1.0), grey)
        bodies.add(scene, made[name], "BOX", mass=mass, groups=groups)
    constraints.hinge(scene, "Hinge", (made["Floor"], made["Bound"]))
    world = world_of(scene)
    world.rest()
    return {
        "all": [[contact.first, contact.second] for contact in world.contacts()],
        "asked": [[contact.first, contact.second] for contact in world.contacts(["Other", "Bound"])],
        "unknown": message(lambda: world.contacts(["Nobody"])),
        "within": message(lambda: world.contacts(within=-1.0)),
    }


def rays() -> dict[str, Any]:
    """What rays meet in a scene with a box that falls on the ground, and a ball."""
    scene, grey = empty_scene(), materials.plain("Grey", (0.5, 0.5, 0.5))
    ground = meshes.box(scene, "Ground", (10.0, 10.0, 1.0), grey, location=(0.0, 0.0, -0.5))
    crate = meshes.box(scene, "Crate", (1.0, 1.0, 1.0), grey, location=(0.0, 0.0, 2.0))
    meshes.sphere(scene, "Ball", 0.5, grey, location=(3.0, 0.0, 0.5))
    bodies.add(scene, ground, "BOX")
    bodies.add(scene, crate, "BOX", mass=1.0)
    world = world_of(scene)
    world.rest()
    early = message(lambda: world.cast_ray(ORIGIN, (1, 0, 0)))
    world.start()

    def down() -> Any:
        return _hit(world.cast_ray((0.2, 0.1, 9.0), (0.0, 0.0, -2.0)))

    above = down()
    play(world, 2.0)
    return {
        "early": early, "above": above, "fallen": down(),
        "beside": _hit(world.cast_ray((2.0, 0.0, 9.0), (0.0, 0.0, -1.0))),
        "ball": _hit(world.cast_ray((9.0, 0.0, 0.5), (-1.0, 0.0, 0.0))),
        "short": _hit(world.cast_ray((2.0, 0.0, 9.0), (0.0, 0.0, -1.0), 8.9)),
        "away": _hit(world.cast_ray((2.0, 0.0, 9.0), (0.0, 0.0, 1.0))),
        "nowhere": message(lambda: world.cast_ray(ORIGIN, ORIGIN)),
        "nan": message(lambda: world.cast_ray((math.nan, 0.0, 0.0), (1.0, 0.0, 0.0))),
    }  # fmt: skip


def _hit(hit: Any) -> Any:
    return hit and [hit.object, hit.point.tolist(), hit.normal.tolist(), hit.distance]


def dimensions() -> dict[str, list[float]]:
    """Sizes of the toolbox's solids, and of how many cubic metres their meshes are."""
    import bmesh

    scene, told = empty_scene(), {}
    for kind in ("BOX", "SPHERE", "CAPSULE", "CYLINDER", "CONE"):
        made, shape = solid(scene, kind, kind), bmesh.new()
        shape.from_mesh(made.data)
        told[kind] = [
            *made.dimensions,
            shape.calc_volume(signed=True),
            float(all(edge.is_manifold for edge in shape.edges)),
        ]
        shape.free()
    return told
