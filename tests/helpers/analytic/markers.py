"""Bright things in the dark: known points in front of several lenses, and a wall of known colours."""

from __future__ import annotations

import bmesh
import bpy
from mathutils import Matrix

from analytic import making
from analytic.known import LENSES, MARKER_RADIUS, PATCHES, TRIPOD, WALL, Place, Triple, markers
from blendgym.scenes import materials, surroundings


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    making.physics(scene)
    surroundings.sky(scene, (0.0, 0.0, 0.0))
    for name, lens in LENSES.items():
        making.camera(scene, name, TRIPOD, **lens)
    making.camera(scene, "Wall", WALL, sensor_fit="HORIZONTAL", lens=36.0)
    making.put(scene, "Markers", _balls(), Place((0.0, 0.0, 0.0)))
    for number, radiance in enumerate(PATCHES):
        left, _, _ = WALL.location
        patch = making.block(f"Patch {number}", (1.0, 0.1, 1.0))
        patch.materials.append((emitting, emitting_principled)[number % 2](patch.name, radiance))
        making.put(scene, patch.name, patch, Place((left + number - len(PATCHES) / 2 + 0.5, WALL.location[1] + 8, 0)))


def emitting(name: str, radiance: Triple) -> bpy.types.Material:
    """A material that does nothing but emit; in the viewport it is white."""
    made = bpy.data.materials.new(name)
    made.diffuse_color = (1.0, 1.0, 1.0, 1.0)
    made.use_nodes = True
    nodes = made.node_tree.nodes
    shader = nodes.new("ShaderNodeEmission")
    _set_strength(shader, shader.inputs["Color"], radiance, "Strength")
    made.node_tree.links.new(shader.outputs[0], nodes["Material Output"].inputs["Surface"])
    return made


def emitting_principled(name: str, radiance: Triple) -> bpy.types.Material:
    """The same by a Principled BSDF, which is black apart from that."""
    made = materials.plain(name, (0.0, 0.0, 0.0))
    shader = made.node_tree.nodes["Principled BSDF"]
    _set_strength(shader, shader.inputs["Emission Color"], radiance, "Emission Strength")
    return made


def _set_strength(shader: bpy.types.ShaderNode, colour: bpy.types.NodeSocket, radiance: Triple, factor: str) -> None:
    strength = max(*radiance, 1.0)
    colour.default_value = (*(channel / strength for channel in radiance), 1.0)
    shader.inputs[factor].default_value = strength


def _balls() -> bpy.types.Mesh:
    """All markers as one mesh, so that the engines have one object to tell apart and not hundreds."""
    shape = bmesh.new()
    centres = markers()
    depths = (centres @ TRIPOD.world_to_camera[:3, :3].T + TRIPOD.world_to_camera[:3, 3])[:, 2]
    for centre, radius in zip(centres.tolist(), MARKER_RADIUS * depths, strict=True):
        bmesh.ops.create_icosphere(shape, subdivisions=2, radius=float(radius), matrix=Matrix.Translation(centre))
    mesh = bpy.data.meshes.new("Markers")
    shape.to_mesh(mesh)
    shape.free()
    mesh.materials.append(emitting("Marker", (1.0, 1.0, 1.0)))
    return mesh
