"""Collision shapes as Blender's solver has them: what touches, and how mass is spread over it."""

from __future__ import annotations

from typing import Any, NamedTuple

import bpy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GROWING = ("CONE", "CONVEX_HULL", "MESH")
"""Shapes that grow by their margin; in all others it lies within."""


ROUND = ("CAPSULE", "CYLINDER", "CONE")
"""Shapes that are round about z."""


class Shape(NamedTuple):
    """The collision shape of a body, in the body's own frame, in m.

    Args:
        kind: As Blender calls it.
        half: (3,) half sizes of its bounding box.
        margin: By which it grows.
        points: (points, 3) vertices of a hull or mesh.
        triangles: (triangles, 3) numbers of the vertices of a mesh.
        parts: Of a compound: where they are, as 4×4 matrices, and what shape they have.
    """

    kind: str
    half: Floats
    margin: float = 0.0
    points: Floats = np.empty((0, 3))
    triangles: NDArray[np.int32] = np.empty((0, 3), np.int32)
    parts: tuple[tuple[Floats, Shape], ...] = ()


def shape_of(obj: bpy.types.Object, depsgraph: bpy.types.Depsgraph) -> Shape:
    """The shape of an object with a rigid body, without the object's scale.

    Args:
        obj: The object.
        depsgraph: Where it is evaluated.
    """
    body, kind = obj.rigid_body, str(obj.rigid_body.collision_shape)
    evaluated = obj.evaluated_get(depsgraph)
    if kind == "COMPOUND":
        inverse = evaluated.matrix_world.inverted()
        parts = tuple(
            (_rigid(inverse @ child.evaluated_get(depsgraph).matrix_world), shape_of(child, depsgraph))
            for child in obj.children if child.rigid_body
        )  # fmt: skip
        return Shape(kind, np.zeros(3), parts=tuple((np.array(pose), shape) for pose, shape in parts))
    half = _half_sizes(kind, np.array(evaluated.bound_box))
    margin = _margin(body, kind)
    if kind not in ("CONVEX_HULL", "MESH"):
        return Shape(kind, half, margin)
    mesh = evaluated.data if body.mesh_source == "FINAL" else obj.data
    return Shape(kind, half, margin, vertices(mesh).astype(np.float64), triangles(mesh))


def scaled(shape: Shape, scale: Floats) -> Shape:
    """The shape of an object that is scaled along its axes; what is round stays round.

    The parts of a compound are scaled along their own axes, which are to be those of the whole if the scale is uneven.
    """
    if shape.parts:
        return shape._replace(parts=tuple(_scaled_part(pose, part, scale) for pose, part in shape.parts))
    half = shape.half * scale
    if shape.kind == "SPHERE":
        half[:] = half[0]
    if shape.kind in ROUND:
        half[1] = half[0]
    return shape._replace(half=half, points=shape.points * scale)


def _scaled_part(pose: Floats, part: Shape, scale: Floats) -> tuple[Floats, Shape]:
    moved = pose.copy()
    moved[:3, 3] *= scale
    return moved, scaled(part, np.sqrt((pose[:3, :3].T ** 2) @ scale**2))


def vertices(mesh: Any) -> NDArray[np.float32]:
    """Vertex coordinates in the object's frame: (vertices, 3), in m."""
    coordinates = np.empty(3 * len(mesh.vertices), np.float32)
    if len(coordinates):  # An empty mesh may have no attribute.
        # Which Blender copies at once; coordinates of vertices it reads one by one (4.5).
        mesh.attributes["position"].data.foreach_get("vector", coordinates)
    return coordinates.reshape(-1, 3)


def _half_sizes(kind: str, corners: Floats) -> Floats:
    """What Blender makes of a bounding box: round shapes stand along z, and are as wide as it is at its widest."""
    x, y, z = np.ptp(corners, axis=0) / 2.0
    if kind == "SPHERE":
        x = y = z = max(x, y, z)
    if kind in ROUND:
        x = y = max(x, y)
    if kind == "CAPSULE":
        z = max(x, z)
    return np.array([x, y, z])


def _margin(body: bpy.types.RigidBodyObject, kind: str) -> float:
    # Without "Collision Margin" switched on, the hull is shrunk by its margin first.
    is_embedded = kind == "CONVEX_HULL" and not body.use_margin
    return float(body.collision_margin) if kind in GROWING and not is_embedded else 0.0


def triangles(mesh: Any) -> NDArray[np.int32]:
    """The numbers of the vertices of the triangles of a mesh, (triangles, 3)."""
    mesh.calc_loop_triangles()
    corners = np.empty(3 * len(mesh.loop_triangles), np.int32)
    mesh.loop_triangles.foreach_get("vertices", corners)
    return corners.reshape(-1, 3)


def _rigid(matrix: Any) -> Any:
    """Where an object is and how it is turned, without its scale."""
    location, rotation, _ = matrix.decompose()
    turned = rotation.to_matrix().to_4x4()
    turned.translation = location
    return turned
