"""The acrobot with other dynamics."""

from __future__ import annotations

import bpy
from mathutils import Matrix, Vector

from blendgym.envs.acrobot import scene as acrobot
from rebuilt.values import ACROBOT, damp


def build(scene: bpy.types.Scene) -> None:
    """Fills an empty scene."""
    acrobot.build(scene)
    scene.gravity = (0.0, 0.0, -ACROBOT["gravity"])
    end = Vector((0.0, 0.0, 0.0))
    for name in ("Upper", "Lower"):
        link, length = scene.objects[name], ACROBOT[f"{name.lower()}.length"]
        width, _, built = acrobot.LINK_SIZE
        link.data.transform(Matrix.Diagonal((1.0, 1.0, length / built, 1.0)))
        reach = Vector((0.0, 0.0, acrobot.PINS * length / built))
        link.location, end = end - reach / 2, end - reach
        link.rigid_body.mass = mass = ACROBOT[f"{name.lower()}.mass"]
        damp(link, ACROBOT[f"{name.lower()}.damping"], mass * (width**2 + length**2) / 12.0)
        if name == "Upper":
            scene.objects["Elbow"].location = scene.objects["Drive"].location = end
