"""What scenes are built from: meshes, materials, rigid bodies, constraints, cameras and lights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import bmesh
import bpy
from mathutils import Matrix, Vector

Triple = tuple[float, float, float]


def material(name: str, colour: Triple, roughness: float = 0.6) -> bpy.types.Material:
    """A plain material that looks alike in every engine.

    Args:
        name: Of the material.
        colour: Linear RGB, each from 0 to 1.
        roughness: From 0 (mirror) to 1 (matt).
    """
    made = bpy.data.materials.new(name)
    made.diffuse_color = (*colour, 1.0)
    made.roughness = roughness
    made.use_nodes = True
    surface = made.node_tree.nodes["Principled BSDF"]
    surface.inputs["Base Color"].default_value = (*colour, 1.0)
    surface.inputs["Roughness"].default_value = roughness
    return made


class MeshBuilder:
    """Collects boxes and cylinders, each with a material, into one mesh.

    One mesh for all parts of a body keeps the scene small: every further moving object costs time in each frame.
    """

    def __init__(self) -> None:
        self._mesh = bmesh.new()
        self._materials: list[bpy.types.Material] = []

    def box(self, size: Triple, centre: Triple, surface: bpy.types.Material) -> MeshBuilder:
        """Adds a box of a size (m) around a centre (m)."""
        transform = Matrix.LocRotScale(Vector(centre), None, Vector(size))
        added = bmesh.ops.create_cube(self._mesh, size=1.0, matrix=transform)
        return self._paint(added["verts"], surface)

    def cylinder(self, radius: float, length: float, centre: Triple, surface: bpy.types.Material) -> MeshBuilder:
        """Adds a cylinder of a radius and length (m) along y around a centre (m)."""
        transform = Matrix.Translation(centre) @ Matrix.Rotation(math.pi / 2, 4, "X")
        added = bmesh.ops.create_cone(
            self._mesh, cap_ends=True, segments=32, radius1=radius, radius2=radius, depth=length, matrix=transform
        )
        return self._paint(added["verts"], surface)

    def build(self, scene: bpy.types.Scene, name: str, location: Triple = (0.0, 0.0, 0.0)) -> bpy.types.Object:
        """Makes the object, with its origin at ``location`` (m)."""
        self._unwrap()
        mesh = bpy.data.meshes.new(name)
        self._mesh.to_mesh(mesh)
        self._mesh.free()
        for surface in self._materials:
            mesh.materials.append(surface)
        return _linked(scene, bpy.data.objects.new(name, mesh), location)

    def _unwrap(self) -> None:
        """Lays a UV map in metres on every face, along the axis that it faces most."""
        layer = self._mesh.loops.layers.uv.new("UVMap")
        for face in self._mesh.faces:
            facing = max(range(3), key=lambda axis: abs(face.normal[axis]))
            across, up = ((1, 2), (0, 2), (0, 1))[facing]
            for corner in face.loops:
                corner[layer].uv = corner.vert.co[across], corner.vert.co[up]

    def _paint(self, vertices: Sequence[Any], surface: bpy.types.Material) -> MeshBuilder:
        if surface not in self._materials:
            self._materials.append(surface)
        for face in {face for vertex in vertices for face in vertex.link_faces}:
            face.material_index = self._materials.index(surface)
        return self


def rigid_body_world(scene: bpy.types.Scene, solver_iterations: int) -> bpy.types.RigidBodyWorld:
    """Gives the scene a rigid-body world, with collections for its bodies and constraints.

    Args:
        scene: Without one.
        solver_iterations: How often Bullet goes over all constraints in each physics step.
    """
    with bpy.context.temp_override(scene=scene):
        bpy.ops.rigidbody.world_add()
    physics = scene.rigidbody_world
    physics.solver_iterations = solver_iterations
    physics.collection = bpy.data.collections.new(f"{scene.name} bodies")
    physics.constraints = bpy.data.collections.new(f"{scene.name} constraints")
    return physics


def rigid_body(scene: bpy.types.Scene, obj: bpy.types.Object, mass: float | None = None) -> None:
    """Makes an object a rigid body with a box for its collision shape, free of damping, friction and contacts.

    Args:
        scene: With a rigid-body world.
        obj: A mesh object.
        mass: In kg; ``None`` makes it immovable.
    """
    scene.rigidbody_world.collection.objects.link(obj)
    body = obj.rigid_body
    body.type = "PASSIVE" if mass is None else "ACTIVE"
    body.mass = 1.0 if mass is None else mass
    body.collision_shape = "BOX"
    body.use_margin = True
    body.collision_margin = 0.0
    body.linear_damping = body.angular_damping = 0.0
    body.friction = body.restitution = 0.0
    body.collision_collections = (False,) * 20


def constraint(
    scene: bpy.types.Scene, name: str, kind: str, ends: tuple[bpy.types.Object, bpy.types.Object], *,
    location: Triple = (0.0, 0.0, 0.0), rotation: Triple = (0.0, 0.0, 0.0),
) -> bpy.types.RigidBodyConstraint:  # fmt: skip
    """Adds a rigid-body constraint on an empty of its own.

    Args:
        scene: With a rigid-body world.
        name: Of the empty.
        kind: Blender's type: a ``"SLIDER"`` runs along the empty's x axis, a ``"HINGE"`` turns about its z axis,
            a ``"MOTOR"`` pushes along its x axis.
        ends: First and second body; the second moves relative to the first.
        location: Of the empty, in m.
        rotation: Of the empty, XYZ Euler angles in rad.
    """
    empty = _linked(scene, bpy.data.objects.new(name, None), location)
    empty.rotation_euler = rotation
    empty.empty_display_size = 0.2
    scene.rigidbody_world.constraints.objects.link(empty)
    made = empty.rigid_body_constraint
    made.type = kind
    made.object1, made.object2 = ends
    made.use_motor_lin = kind == "MOTOR"
    return made


def camera(scene: bpy.types.Scene, name: str, location: Triple, target: Triple, field_of_view: float) -> None:
    """Adds a perspective camera, and makes it the scene's own if it is the first.

    Args:
        scene: Where to add it.
        name: Of the camera.
        location: In m.
        target: Point that it looks at, in m.
        field_of_view: Horizontal angle, in rad.
    """
    lens = bpy.data.cameras.new(name)
    lens.sensor_fit = "HORIZONTAL"
    lens.angle = field_of_view
    made = _linked(scene, bpy.data.objects.new(name, lens), location)
    made.rotation_euler = (Vector(target) - Vector(location)).to_track_quat("-Z", "Y").to_euler()
    scene.camera = scene.camera or made


def sun(scene: bpy.types.Scene, name: str, rotation: Triple, strength: float, colour: Triple = (1.0, 1.0, 1.0)) -> None:
    """Adds sunlight with sharp shadows.

    Args:
        scene: Where to add it.
        name: Of the light.
        rotation: XYZ Euler angles in rad; without rotation it shines straight down.
        strength: Irradiance, in W/m².
        colour: Linear RGB, which multiplies the strength.
    """
    light = bpy.data.lights.new(name, "SUN")
    light.energy, light.angle, light.color = strength, 0.0, colour
    _linked(scene, bpy.data.objects.new(name, light)).rotation_euler = rotation


def sky(scene: bpy.types.Scene, colour: Triple, strength: float = 1.0) -> None:
    """Gives the scene a background of one colour (linear RGB) that also lights it."""
    scene.world = bpy.data.worlds.new(f"{scene.name} sky")
    scene.world.color = colour
    scene.world.use_nodes = True
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (*colour, 1.0)
    background.inputs["Strength"].default_value = strength


def _linked(scene: bpy.types.Scene, obj: bpy.types.Object, location: Triple = (0.0, 0.0, 0.0)) -> bpy.types.Object:
    scene.collection.objects.link(obj)
    obj.location = location
    return obj
