"""A table with cloth, coins and other small things to be copied, seen from above (runs inside Blender). Units: m.

All is some forty times as large as on a desk: coins are about 1 m wide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.coins.strikes import strike
from blendgym.photographs.coins.table import COIN, COINS, HEIGHT, METALS, OTHER_MATERIALS, WIDTH_OF_VIEW
from blendgym.scenes import bodies, cameras, lights, materials, meshes, surroundings
from blendgym.scenes.places import put

RADIUS = 0.5
SEED = 20_26
"""Of the shapes of coins and pebbles, which are the same in all samples."""

BELOW = (0.0, 0.0, -3.0)
"""Where templates are, out of sight."""

SHAPES: dict[str, bodies.Shape] = {"Ring": "CYLINDER", "Pebble": "CONVEX_HULL"}
"""Of what touches, where it is not a box."""

PATCHES, SCRATCHES, SCRATCH_DEPTH = 0.15, 0.04, 0.02
"""Sizes of the patina's patches and of the scratches of a metal, and how deep these are."""

CLOTH_GRAIN, CLOTH_DEPTH = 0.03, 0.02

RING = (0.5, 0.36, 0.12)
"""Outer and inner radius, and thickness."""


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    bodies.world(scene)
    cloth = materials.plain("Cloth", (0.05, 0.05, 0.05), roughness=0.9)
    _roughen(cloth, CLOTH_GRAIN, CLOTH_DEPTH)
    table = meshes.box(scene, "Table", (40.0, 40.0, 0.2), cloth, location=(0.0, 0.0, -0.1))
    bodies.add(scene, table, "BOX", friction=0.9)
    metals = [_metal(name, shade) for name, shade in METALS.items()]
    _coins(scene, metals)
    _others(scene, metals)
    lights.sun(scene, "Sun", rotation=(0.0, math.pi / 2 - 0.6, 2.3), strength=1.5)
    _lamp(scene)
    surroundings.sky(scene, colour=(1.0, 1.0, 1.0), strength=0.2)
    angle = 2.0 * math.atan(WIDTH_OF_VIEW / 2.0 / HEIGHT)
    cameras.perspective(scene, "Camera", (0.0, -0.4, HEIGHT), target=(0.0, 0.0, 0.0), field_of_view=angle)


def _metal(name: str, shade: float) -> bpy.types.Material:
    """Metal with patina in patches, which reflects only under engines that know gloss: the rasteriser shows it matt."""
    metal = materials.plain(name, (shade, shade, shade), roughness=0.4)
    patches = _noise(metal, PATCHES, "Fac")
    metal.node_tree.links.new(patches, metal.node_tree.nodes["Principled BSDF"].inputs["Metallic"])
    _roughen(metal, SCRATCHES, SCRATCH_DEPTH)
    return metal


def _roughen(surface: bpy.types.Material, grain: float, depth: float) -> None:
    """Gives a material bumps of a size and a depth."""
    tree = surface.node_tree
    bump = tree.nodes.new("ShaderNodeBump")
    bump.inputs["Distance"].default_value = depth
    tree.links.new(_noise(surface, grain, "Fac"), bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], tree.nodes["Principled BSDF"].inputs["Normal"])


def _noise(surface: bpy.types.Material, size: float, output: str) -> bpy.types.NodeSocket:
    """Noise of a size in the coordinates of an object."""
    nodes, links = surface.node_tree.nodes, surface.node_tree.links
    noise = nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = 1.0 / size, 0.0
    links.new(nodes.new("ShaderNodeTexCoord").outputs["Object"], noise.inputs["Vector"])
    return noise.outputs[output]


def _coins(scene: bpy.types.Scene, metals: list[bpy.types.Material]) -> None:
    rng = np.random.default_rng(SEED)
    for number, name in enumerate(COINS):
        struck = strike(rng)
        mesh = _mesh(name, RADIUS * struck.vertices, struck.faces, metals[number % len(metals)])
        coin = put(scene, bpy.data.objects.new(name, mesh), BELOW)
        coin["category"] = COIN
        bodies.add(scene, coin, "CYLINDER", mass=1.0, friction=0.8, angular_damping=0.4)


def _others(scene: bpy.types.Scene, metals: list[bpy.types.Material]) -> None:
    paper, wood = (materials.plain(name, colour) for name, colour in OTHER_MATERIALS.items())
    made = [
        meshes.box(scene, "Chip", (0.9, 0.6, 0.08), paper, location=BELOW),
        meshes.MeshBuilder().boulder(0.45, (0.0, 0.0, 0.0), wood, seed=SEED).build(scene, "Pebble", BELOW),
        meshes.box(scene, "Die", (0.5, 0.5, 0.3), metals[1], location=BELOW),
        meshes.box(scene, "Straw", (2.2, 0.09, 0.09), wood, location=BELOW),
        meshes.box(scene, "Leaf", (0.9, 0.35, 0.04), paper, location=BELOW),
        _ring(scene, metals[0]),
    ]  # fmt: skip
    for thing in made:
        bodies.add(scene, thing, SHAPES.get(thing.name, "BOX"), mass=0.3, friction=0.8, angular_damping=0.4)


def _ring(scene: bpy.types.Scene, surface: bpy.types.Material) -> bpy.types.Object:
    outer, inner, thickness = RING
    angles = np.linspace(0.0, 2.0 * np.pi, meshes.SEGMENTS, endpoint=False)
    profile = [(outer, -1), (outer, 1), (inner, 1), (inner, -1)]
    rings = [
        np.c_[radius * np.cos(angles), radius * np.sin(angles), np.full(len(angles), end * thickness / 2)]
        for radius, end in profile
    ]
    count = len(angles)
    faces = [
        (ring * count + corner, ring * count + other, further * count + other, further * count + corner)
        for ring, further in ((0, 1), (1, 2), (2, 3), (3, 0))
        for corner, other in ((corner, (corner + 1) % count) for corner in range(count))
    ]
    mesh = _mesh("Ring", np.concatenate(rings), faces, surface, smooth=False)
    return put(scene, bpy.data.objects.new("Ring", mesh), BELOW)


def _lamp(scene: bpy.types.Scene) -> None:
    """Light from near by, which is uneven."""
    light = bpy.data.lights.new("Lamp", "POINT")
    light.energy = 40.0
    light.shadow_soft_size = 0.0
    put(scene, bpy.data.objects.new("Lamp", light), (-3.0, 2.5, 3.0))


def _mesh(
    name: str,
    vertices: NDArray[np.float64],
    faces: Sequence[tuple[int, ...]],
    surface: bpy.types.Material,
    smooth: bool = True,
) -> bpy.types.Mesh:
    """A mesh with a UV map in metres, seen from above."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces)
    if smooth:
        mesh.shade_smooth()
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    mesh.uv_layers.new(name="UVMap").data.foreach_set("uv", vertices[corners, :2].astype(np.float32).ravel())
    mesh.materials.append(surface)
    return mesh
