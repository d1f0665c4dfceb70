"""Push-T with other dynamics."""

from __future__ import annotations

import bpy

from blendgym.envs.push_t import scene as push_t
from rebuilt.values import PUSH_T


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    push_t.FINGER_RADIUS = PUSH_T["finger.radius"]
    push_t.build(scene)
    scene.gravity = (0.0, 0.0, -PUSH_T["gravity"])
    for name, body in (("table", "Table"), ("finger", "Finger")):
        scene.objects[body].rigid_body.friction = PUSH_T[f"{name}.friction"]
    scene.objects["Block"].rigid_body.restitution = PUSH_T["block.restitution"]
