"""Cameras of scenes."""

from __future__ import annotations

import bpy
from mathutils import Vector

from blendgym.scenes.places import Triple, put


def perspective(
    scene: bpy.types.Scene, name: str, location: Triple, target: Triple, field_of_view: float
) -> bpy.types.Object:
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
    made = put(scene, bpy.data.objects.new(name, lens), location)
    made.rotation_euler = (Vector(target) - Vector(location)).to_track_quat("-Z", "Y").to_euler()
    scene.camera = scene.camera or made
    return made
