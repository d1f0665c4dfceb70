"""A row of squares, whose colours are calculated by one node each."""

from __future__ import annotations

import bpy
from analytic.known import Place
from analytic.making import block, camera, physics, put

from pictures.materials import make

NAMES = (
    "rgb", "mix", "gamma", "invert", "hue", "brightness", "ramp", "math", "combine", "mix_shader", "group", "emission",
)  # fmt: skip


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    physics(scene)
    for number, name in enumerate(NAMES):
        square = put(scene, name, block(name, (0.9, 0.1, 0.9)), Place((number % 4 - 1.5, 3.0, number // 4 - 1.0)))
        square.data.materials.append(make(name))
    put(scene, "Sun", bpy.data.lights.new("Sun", "SUN"), Place((0.0, 0.0, 5.0), (60.0, 0.0, 0.0)))
    camera(scene, "Camera", Place((0.0, -1.0, 0.0), (90.0, 0.0, 0.0)))
