"""Mesh objects: single solids, and many solids in one mesh. Lengths in m, angles in rad."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import bmesh
import bpy
import numpy as np
from mathutils import Euler, Matrix, Vector

from blendgym.scenes.places import ORIGIN, Triple, put

SEGMENTS = 32
"""How many faces go around what is round. A multiple of four, so that bounding boxes have the right size."""

ALONG = {
    "x": Matrix.Rotation(math.pi / 2, 4, "Y"),
    "y": Matrix.Rotation(math.pi / 2, 4, "X"),
    "z": Matrix.Identity(4),
}
"""What turns the z axis to another."""


class MeshBuilder:
    """Collects solids, each with a material, into one mesh.

    One mesh for all parts of a body keeps the scene small: every further moving object costs time in each frame.
    """

    def __init__(self) -> None:
        self._mesh = bmesh.new()
        self._materials: list[bpy.types.Material] = []

    def box(self, size: Triple, centre: Triple, surface: bpy.types.Material, rotation: Triple = ORIGIN) -> MeshBuilder:
        """Adds a box of a size around a centre, turned by XYZ Euler angles."""
        transform = Matrix.LocRotScale(Vector(centre), Euler(rotation), Vector(size))
        added = bmesh.ops.create_cube(self._mesh, size=1.0, matrix=transform)
        return self._paint(added["verts"], surface)

    def cylinder(
        self, radius: float, length: float, centre: Triple, surface: bpy.types.Material, axis: str = "z"
    ) -> MeshBuilder:
        """Adds a cylinder around a centre, along an axis: ``"x"``, ``"y"`` or ``"z"``."""
        return self._paint(self._cone(radius, radius, length, centre, axis), surface)

    def cone(
        self, radius: float, length: float, centre: Triple, surface: bpy.types.Material, axis: str = "z"
    ) -> MeshBuilder:
        """Adds a cone around the middle of its height, which is along an axis: ``"x"``, ``"y"`` or ``"z"``."""
        return self._paint(self._cone(radius, 0.0, length, centre, axis), surface)

    def sphere(self, radius: float, centre: Triple, surface: bpy.types.Material) -> MeshBuilder:
        """Adds a sphere around a centre."""
        return self.capsule(radius, 2.0 * radius, centre, surface)

    def capsule(
        self, radius: float, length: float, centre: Triple, surface: bpy.types.Material, axis: str = "z"
    ) -> MeshBuilder:
        """Adds a capsule around a centre, along an axis: ``"x"``, ``"y"`` or ``"z"``. The length is that over all."""
        straight = length / 2.0 - radius
        quarter = SEGMENTS // 4
        latitudes = [math.tau * step / SEGMENTS for step in range(-quarter, quarter + 1)]
        profile = [
            (radius * math.cos(angle), radius * math.sin(angle) + math.copysign(straight, angle)) for angle in latitudes
        ]
        if straight > 0.0:
            profile.insert(quarter, (radius, -straight))
        added = self._lathe(profile, Matrix.Translation(centre) @ ALONG[axis])
        return self._paint(added, surface, smooth=True)

    def boulder(
        self, radius: float, centre: Triple, surface: bpy.types.Material, seed: int = 0, detail: int = 2
    ) -> MeshBuilder:
        """Adds a rock of flat faces, no wider than a sphere.

        Args:
            radius: Of that sphere, in m.
            centre: In m.
            surface: Its material.
            seed: Which rock it is.
            detail: 1 for 20 faces, 2 for 80.
        """
        dents = np.random.default_rng(seed)
        added = bmesh.ops.create_icosphere(self._mesh, subdivisions=detail, radius=radius)
        for vertex in added["verts"]:
            vertex.co = vertex.co * dents.uniform(0.75, 1.0) + Vector(centre)
        return self._paint(added["verts"], surface)

    def build(
        self, scene: bpy.types.Scene, name: str, location: Triple = ORIGIN, rotation: Triple = ORIGIN
    ) -> bpy.types.Object:
        """Makes the object, with its origin at ``location``, turned by XYZ Euler angles."""
        self._unwrap()
        mesh = bpy.data.meshes.new(name)
        self._mesh.to_mesh(mesh)
        self._mesh.free()
        for surface in self._materials:
            mesh.materials.append(surface)
        return put(scene, bpy.data.objects.new(name, mesh), location, rotation)

    def _cone(self, bottom: float, top: float, length: float, centre: Triple, axis: str) -> Sequence[Any]:
        transform = Matrix.Translation(centre) @ ALONG[axis]
        added = bmesh.ops.create_cone(
            self._mesh, cap_ends=True, segments=SEGMENTS, radius1=bottom, radius2=top, depth=length, matrix=transform
        )
        return list(added["verts"])

    def _lathe(self, profile: Sequence[tuple[float, float]], transform: Matrix) -> Sequence[Any]:
        """Turns a profile of (radius, height), from pole to pole, about the z axis."""
        around = [math.tau * step / SEGMENTS for step in range(SEGMENTS)]
        poles = [self._mesh.verts.new(transform @ Vector((0.0, 0.0, profile[end][1]))) for end in (0, -1)]
        rings = [
            [self._mesh.verts.new(transform @ Vector((r * math.cos(a), r * math.sin(a), height))) for a in around]
            for r, height in profile[1:-1]
        ]
        for side in range(SEGMENTS):
            other = (side + 1) % SEGMENTS
            self._mesh.faces.new((poles[0], rings[0][other], rings[0][side]))
            self._mesh.faces.new((poles[1], rings[-1][side], rings[-1][other]))
            for lower, upper in pairwise(rings):
                self._mesh.faces.new((lower[side], lower[other], upper[other], upper[side]))
        return [*poles, *(vertex for ring in rings for vertex in ring)]

    def _unwrap(self) -> None:
        """Lays a UV map in metres on every face, along the axis that it faces most."""
        self._mesh.normal_update()
        layer = self._mesh.loops.layers.uv.new("UVMap")
        for face in self._mesh.faces:
            facing = max(range(3), key=lambda axis: abs(face.normal[axis]))
            across, up = ((1, 2), (0, 2), (0, 1))[facing]
            for corner in face.loops:
                corner[layer].uv = corner.vert.co[across], corner.vert.co[up]

    def _paint(self, vertices: Sequence[Any], surface: bpy.types.Material, smooth: bool = False) -> MeshBuilder:
        if surface not in self._materials:
            self._materials.append(surface)
        for face in {face for vertex in vertices for face in vertex.link_faces}:
            face.material_index, face.smooth = self._materials.index(surface), smooth
        return self


def box(
    scene: bpy.types.Scene, name: str, size: Triple, surface: bpy.types.Material, *,
    location: Triple = ORIGIN, rotation: Triple = ORIGIN,
) -> bpy.types.Object:  # fmt: skip
    """Adds a box around its origin. Location in m, rotation in XYZ Euler angles."""
    return MeshBuilder().box(size, ORIGIN, surface).build(scene, name, location, rotation)


def sphere(
    scene: bpy.types.Scene, name: str, radius: float, surface: bpy.types.Material, *,
    location: Triple = ORIGIN, rotation: Triple = ORIGIN,
) -> bpy.types.Object:  # fmt: skip
    """Adds a sphere around its origin. Location in m, rotation in XYZ Euler angles."""
    return MeshBuilder().sphere(radius, ORIGIN, surface).build(scene, name, location, rotation)


def cylinder(
    scene: bpy.types.Scene, name: str, radius: float, length: float, surface: bpy.types.Material, *,
    location: Triple = ORIGIN, rotation: Triple = ORIGIN,
) -> bpy.types.Object:  # fmt: skip
    """Adds a cylinder around its origin, along its own z axis. Location in m, rotation in XYZ Euler angles."""
    return MeshBuilder().cylinder(radius, length, ORIGIN, surface).build(scene, name, location, rotation)


def capsule(
    scene: bpy.types.Scene, name: str, radius: float, length: float, surface: bpy.types.Material, *,
    location: Triple = ORIGIN, rotation: Triple = ORIGIN,
) -> bpy.types.Object:  # fmt: skip
    """Adds a capsule around its origin, along its own z axis, of a length over all. Location and rotation likewise."""
    return MeshBuilder().capsule(radius, length, ORIGIN, surface).build(scene, name, location, rotation)


def cone(
    scene: bpy.types.Scene, name: str, radius: float, length: float, surface: bpy.types.Material, *,
    location: Triple = ORIGIN, rotation: Triple = ORIGIN,
) -> bpy.types.Object:  # fmt: skip
    """Adds a cone around the middle of its height, its tip along its own +z axis. Location and rotation likewise."""
    return MeshBuilder().cone(radius, length, ORIGIN, surface).build(scene, name, location, rotation)
