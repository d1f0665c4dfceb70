"""What experiments are made of: a scene, bodies, constraints, and a world over them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bmesh
import bpy

from blendgym.blender.physics.world import World
from blendgym.blender.scenes import LoadedScene, load_scenes
from blendgym.errors import SceneError
from blendgym.scene_places import ScenePlace

Triple = tuple[float, float, float]


class Stage:
    """An empty scene with gravity of 10 m/s², alone in Blender."""

    def __init__(self, gravity: float = 10.0) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = bpy.context.scene
        bpy.ops.rigidbody.world_add()
        self.physics = self.scene.rigidbody_world
        self.physics.collection = bpy.data.collections.new("Bodies")
        self.physics.constraints = bpy.data.collections.new("Constraints")
        self.physics.solver_iterations = 50
        self.scene.gravity = (0.0, 0.0, -gravity)

    def empty(self, name: str, at: Triple = (0.0, 0.0, 0.0), turned: Triple = (0.0, 0.0, 0.0)) -> bpy.types.Object:
        """Adds an empty, turned by Euler angles in rad."""
        return self._put(bpy.data.objects.new(name, None), at, turned)

    def box(
        self, name: str, at: Triple = (0.0, 0.0, 0.0), size: Triple = (0.2, 0.2, 0.2), *, turned: Triple = (0.0,) * 3,
        parent: bpy.types.Object | None = None, contacts: bool = True, **physics: Any,
    ) -> bpy.types.Object:  # fmt: skip
        """Adds a body, by default an active one of 1 kg without damping, whose box hits others."""
        mesh, shape = bpy.data.meshes.new(name), bmesh.new()
        bmesh.ops.create_cube(shape, size=1.0)
        bmesh.ops.scale(shape, vec=size, verts=shape.verts)
        shape.to_mesh(mesh)
        shape.free()
        made = self._put(bpy.data.objects.new(name, mesh), at, turned)
        made.parent = parent
        self.physics.collection.objects.link(made)
        settings = {"collision_shape": "BOX", "use_margin": True, "collision_margin": 0.0}
        for key, value in (settings | {"linear_damping": 0.0, "angular_damping": 0.0, **physics}).items():
            setattr(made.rigid_body, key, value)
        if not contacts:
            made.rigid_body.collision_collections = (False,) * 20
        return made

    def constraint(
        self, name: str, kind: str, ends: Sequence[bpy.types.Object | None], at: Triple = (0.0, 0.0, 0.0), *,
        turned: Triple = (0.0, 0.0, 0.0), parent: bpy.types.Object | None = None, **settings: Any,
    ) -> bpy.types.Object:  # fmt: skip
        """Adds a constraint on an empty of its own."""
        made = self.empty(name, at, turned)
        made.parent = parent
        self.physics.constraints.objects.link(made)
        constraint = made.rigid_body_constraint
        constraint.type = kind
        constraint.object1, constraint.object2 = ends
        constraint.use_motor_lin = kind == "MOTOR"
        constraint.motor_lin_max_impulse = constraint.motor_ang_max_impulse = 0.0
        for key, value in settings.items():
            setattr(constraint, key, value)
        return made

    def world(self, control_rate: float = 50.0, substeps: int = 10, frames_per_step: int = 1) -> World:
        """The scene as a world."""
        return World(LoadedScene(self.scene), control_rate, substeps, frames_per_step)

    def save(self, path: str) -> None:
        """Saves it as a file."""
        bpy.ops.wm.save_as_mainfile(filepath=path)

    def _put(self, made: bpy.types.Object, at: Triple, turned: Triple) -> bpy.types.Object:
        self.scene.collection.objects.link(made)
        made.location, made.rotation_euler = at, turned
        return made


ALONG_Y: Triple = (-math.pi / 2, 0.0, 0.0)
"""Turns the z axis of a hinge so that it points along +y."""


def opened(path: str, control_rate: float = 20.0) -> World:
    """A file as a world."""
    assert Path(path).exists()
    return World(load_scenes(ScenePlace(Path(path)), 1)[0], control_rate, 10)


def begin(world: World, place: Callable[[], None] = lambda: None) -> None:
    """Begins an episode, placing what a task would place in its reset."""
    world.rest()
    place()
    world.start()


def play(world: World, seconds: float) -> None:
    """Simulates some time."""
    for _ in range(round(seconds / world.period)):
        world.advance()
        world.measure()


def message(do: Callable[[], Any]) -> str:
    """What the error says that something raises."""
    told = message_if_any(do)
    assert told, "It raised no SceneError."
    return told


def message_if_any(do: Callable[[], Any]) -> str:
    """The same, or nothing if it raises none."""
    try:
        do()
    except SceneError as error:
        return str(error)
    return ""
