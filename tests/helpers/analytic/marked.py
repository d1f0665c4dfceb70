"""Keypoints inside of a box, at its corners, behind a wall, and beside the image."""

from __future__ import annotations

import bpy

from analytic import making
from analytic.known import Place

CAMERA = Place((0.0, -6.0, 0.0), (90.0, 0.0, 0.0))
CENTRE = (0.5, 0.0, 0.25)
"""Of a box with sides of 1 m, before which a wall hides all that is left of x = -0.5 m from the camera."""

FREE = {
    "Behind the wall": (-1.0, 1.0, 0.0),
    "In the open": (1.5, 1.0, 1.0),
    "Beside": (9.0, 0.0, 0.0),
    "Back": (0, -9, 0),
}


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    making.physics(scene)
    making.camera(scene, "Eye", CAMERA, sensor_fit="HORIZONTAL", lens=36.0)
    making.camera(scene, "Plan", CAMERA, sensor_fit="HORIZONTAL", type="ORTHO", ortho_scale=8.0)
    box = making.put(scene, "Box", making.block("Box", (1.0, 1.0, 1.0)), Place(CENTRE))
    making.put(scene, "Wall", making.block("Wall", (1.0, 0.1, 4.0)), Place((-1.0, -2.0, 0.0)))
    for name, location in FREE.items():
        _mark(making.put(scene, name, None, Place(location)))
    inside = making.put(scene, "Middle", None, Place((0.0, 0.0, 0.0)))
    inside.parent = box
    _mark(inside)
    making.put(scene, "No keypoint", None, Place((0.0, 0.0, 0.0)))
    corner = [vertex.index for vertex in box.data.vertices if tuple(vertex.co) == (0.5, -0.5, 0.5)]
    box.vertex_groups.new(name="keypoint:corner").add(corner, 1.0, "REPLACE")
    face = [vertex.index for vertex in box.data.vertices if vertex.co.y < 0]
    box.vertex_groups.new(name="keypoint:face").add(face, 0.5, "REPLACE")
    rear = [vertex.index for vertex in box.data.vertices if vertex.co.y > 0]
    box.vertex_groups.new(name="keypoint:rear").add(rear, 1.0, "REPLACE")
    box.vertex_groups.new(name="bones").add(face, 1.0, "REPLACE")


def _mark(empty: bpy.types.Object) -> None:
    empty["keypoint"] = True
