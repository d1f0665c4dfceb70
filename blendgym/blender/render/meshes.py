"""Meshes as the graphics stack takes them: triangles in vertex buffers, kept as long as the mesh stays as it is."""

from __future__ import annotations

from typing import Any, NamedTuple

import bpy
import gpu
import numpy as np
from numpy.typing import NDArray

from blendgym.blender import compat
from blendgym.blender.physics.shapes import vertices

LAYOUT = (("position", 3), ("normal", 3), ("uv", 2))
"""Attributes of a vertex, and how many float32 each has."""


class Part(NamedTuple):
    """The triangles of a mesh that have one material.

    Args:
        slot: Number of the material slot.
        batch: What is drawn.
    """

    slot: int
    batch: gpu.types.GPUBatch


class _Kept(NamedTuple):
    loops: int
    vertices: NDArray[np.float32]
    parts: list[Part]


class Meshes:
    """The parts of every mesh that was drawn so far."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], _Kept] = {}

    def parts(self, mesh: bpy.types.Mesh) -> list[Part]:
        """The parts of an evaluated mesh; none if it has no faces."""
        # Blender tells no one cheaply when a mesh was changed (by a length parameter, an armature, an animation), so
        # its vertices are compared.
        key, now = (mesh.name, mesh.as_pointer()), vertices(mesh)
        kept = self._kept.get(key)
        if kept is None or kept.loops != len(mesh.loops) or not np.array_equal(kept.vertices, now):
            kept = self._kept[key] = _Kept(len(mesh.loops), now, _build(mesh, now))
        return kept.parts


def _build(mesh: bpy.types.Mesh, positions: NDArray[np.float32]) -> list[Part]:
    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    corners = _read(mesh.loop_triangles, "loops", np.int32, 3 * count).reshape(-1, 3)
    slots = _read(mesh.loop_triangles, "material_index", np.int32, count)
    vertex_of_corner = _read(mesh.loops, "vertex_index", np.int32, len(mesh.loops))
    attributes = {
        "position": positions[vertex_of_corner],
        "normal": compat.corner_normals(mesh),
        "uv": compat.corner_uvs(mesh),
    }
    chosen = {slot: corners[slots == slot].ravel() for slot in np.unique(slots).tolist()}
    return [
        Part(slot, _batch({name: values[used] for name, values in attributes.items()})) for slot, used in chosen.items()
    ]


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
