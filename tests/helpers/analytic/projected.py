"""Balls and boxes seen by orthographic cameras and by fisheyes."""

from __future__ import annotations

import math
from typing import Any

import bpy

from analytic import making, solids
from analytic.known import EYE, EYE_FAR, Place

FISHEYES: dict[str, dict[str, Any]] = {
    "Equidistant": {"panorama_type": "FISHEYE_EQUIDISTANT", "fisheye_fov": math.radians(170)},
    "Wide": {"panorama_type": "FISHEYE_EQUIDISTANT", "fisheye_fov": math.radians(220), "shift_x": 0.05},
    "Equisolid": {"panorama_type": "FISHEYE_EQUISOLID", "fisheye_fov": math.radians(170), "fisheye_lens": 12.0},
    "Polynomial": {"panorama_type": "FISHEYE_LENS_POLYNOMIAL", "fisheye_fov": math.radians(160), "shift_y": -0.04},
    "Mirror": {"panorama_type": "MIRRORBALL"},
}
POLYNOMIAL = (0.0, -0.05, 0.0, -2e-5, 0.0)
"""With Blender's sign."""

ORTHOGRAPHIC: dict[str, dict[str, Any]] = {
    "Plan": {"ortho_scale": 9.0},
    "Shifted plan": {"ortho_scale": 7.0, "shift_x": 0.1, "shift_y": -0.15, "sensor_fit": "VERTICAL"},
}


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    solids.build(scene)
    for name, lens in ORTHOGRAPHIC.items():
        making.camera(scene, name, EYE, type="ORTHO", clip_end=EYE_FAR, **lens)
    for name, lens in FISHEYES.items():
        making.camera(scene, name, EYE, type="PANO", clip_end=EYE_FAR)
        data = scene.objects[name].data
        for attribute, value in lens.items():
            setattr(data if hasattr(data, attribute) else data.cycles, attribute, value)
        panorama = data if hasattr(data, "panorama_type") else data.cycles
        for power, coefficient in enumerate(POLYNOMIAL):
            setattr(panorama, f"fisheye_polynomial_k{power}", coefficient)
    making.put(scene, "Sun", bpy.data.lights.new("Sun", "SUN"), Place((0.0, 0.0, 9.0), (30.0, 20.0, 0.0)))
    scaled = scene.objects["Plan"].copy()
    scaled.name, scaled.scale = "Scaled plan", (2.0, 2.0, 2.0)
    scene.collection.objects.link(scaled)
