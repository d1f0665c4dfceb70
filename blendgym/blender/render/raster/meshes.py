"""Meshes as the graphics stack takes them: triangles in vertex buffers, kept as long as the mesh stays as it is."""

from __future__ import annotations

from typing import Any, NamedTuple

import bpy
import gpu
import numpy as np
from mathutils import Vector
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.physics.shapes import vertices

LAYOUT = (("position", 3), ("normal", 3), ("uv", 2), ("tint", 4))
"""Attributes of a vertex, and how many float32 each has."""


class Names(NamedTuple):
    """What the material of a slot takes from a mesh.

    Args:
        uv_map: ``""`` for the one that is active in renders.
        colour_attribute: ``""`` for the one that is active in renders, ``None`` if it takes none.
    """

    uv_map: str
    colour_attribute: str | None


class Part(NamedTuple):
    """The triangles of a mesh that have one material.

    Args:
        slot: Number of the material slot.
        batch: What is drawn.
        centre: Of its bounding box, in the object's frame.
    """

    slot: int
    batch: gpu.types.GPUBatch
    centre: Vector


class Shape(NamedTuple):
    """A mesh as it is drawn.

    Args:
        parts: Its triangles, by material; none if it has no faces.
        bounds: (2, 3), the least and the greatest corner of its bounding box, in the object's frame.
        is_block: Whether it is flat or has all of its vertices in corners of that box, so that it hides nothing of
            itself.
    """

    parts: list[Part]
    bounds: NDArray[np.float64]
    is_block: bool


class _Kept(NamedTuple):
    names: tuple[Names, ...]
    loops: int
    vertices: bytes
    shape: Shape


class Meshes:
    """The shape of every mesh that was drawn so far."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], _Kept] = {}

    def shape(self, mesh: bpy.types.Mesh, names: tuple[Names, ...]) -> Shape:
        """The shape of an evaluated mesh.

        Args:
            mesh: The mesh.
            names: What each of its material slots takes from it; at least one.
        """
        # Blender tells no one cheaply when a mesh was changed (by a length parameter, an armature, an animation), so
        # its vertices are compared.
        key, positions, loops = (mesh.name, mesh.as_pointer()), vertices(mesh), len(mesh.loops)
        kept, now = self._kept.get(key), positions.tobytes()
        if kept is None or kept.vertices != now or kept.loops != loops or kept.names != names:
            kept = self._kept[key] = _Kept(names, loops, now, _shape(mesh, positions, names))
        return kept.shape


def _shape(mesh: bpy.types.Mesh, positions: NDArray[np.float32], names: tuple[Names, ...]) -> Shape:
    if not len(positions):
        return Shape([], np.zeros((2, 3)), is_block=True)
    bounds = np.array([positions.min(axis=0), positions.max(axis=0)])
    is_flat = bool(np.any(bounds[0] == bounds[1]))
    is_block = is_flat or bool(np.all((positions == bounds[0]) | (positions == bounds[1])))
    return Shape(_build(mesh, positions, names), bounds.astype(np.float64), is_block)


def _build(mesh: bpy.types.Mesh, positions: NDArray[np.float32], names: tuple[Names, ...]) -> list[Part]:
    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    corners = _read(mesh.loop_triangles, "loops", np.int32, 3 * count).reshape(-1, 3)
    slots = _read(mesh.loop_triangles, "material_index", np.int32, count)
    # What has no slot has the last one, as in Cycles.
    slots = np.clip(slots, 0, len(names) - 1)
    vertex_of_corner = _read(mesh.loops, "vertex_index", np.int32, len(mesh.loops))
    shape = {"position": positions[vertex_of_corner], "normal": compat.corner_normals(mesh)}
    parts = []
    for slot in np.unique(slots).tolist():
        attributes = shape | {
            "uv": compat.corner_uvs(mesh, names[slot].uv_map),
            "tint": compat.corner_colours(mesh, names[slot].colour_attribute),
        }
        used = corners[slots == slot].ravel()
        taken = {name: values[used] for name, values in attributes.items()}
        ends = taken["position"].min(axis=0), taken["position"].max(axis=0)
        parts.append(Part(slot, _batch(taken), Vector(np.mean(ends, axis=0).tolist())))
    return parts


def _batch(attributes: dict[str, NDArray[Any]]) -> gpu.types.GPUBatch:
    layout = gpu.types.GPUVertFormat()
    for name, length in LAYOUT:
        layout.attr_add(id=name, comp_type="F32", len=length, fetch_mode="FLOAT")
    buffer = gpu.types.GPUVertBuf(layout, len(attributes["position"]))
    for name, _ in LAYOUT:
        buffer.attr_fill(name, np.ascontiguousarray(attributes[name], np.float32))
    return gpu.types.GPUBatch(type="TRIS", buf=buffer)


def _read(collection: Any, attribute: str, dtype: type[np.generic], count: int) -> NDArray[Any]:
    values: NDArray[Any] = np.empty(count, dtype)
    collection.foreach_get(attribute, values)
    return values
